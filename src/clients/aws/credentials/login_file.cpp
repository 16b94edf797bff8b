#include "clients/aws/credentials/login_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/file_descriptor.h"
#include "base/json_writer.h"
#include "clients/aws/credentials/token_file.h"

namespace fas::clients {

namespace {

constexpr json::Limits login_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

void write_value(JsonWriter& json, const json::Value& value, const LoginFile::Texts& texts,
                 const std::string& place);

void write_object(JsonWriter& json, const json::Value& object, const LoginFile::Texts& texts,
                  const std::string& place) {
    json.begin_object();
    for (const json::Member& member : object.members()) {
        json.key(member.key);
        const std::string name =
            place.empty() ? std::string{member.key} : fmt::format("{}/{}", place, member.key);
        write_value(json, member.value, texts, name);
    }
    json.end_object();
}

void write_value(JsonWriter& json, const json::Value& value, const LoginFile::Texts& texts,
                 const std::string& place) {
    if (const auto text = texts.find(place); text != texts.end()) {
        json.value(std::string_view{text->second});
        return;
    }
    switch (value.type()) {
        case json::Type::null: json.null(); break;
        case json::Type::boolean: json.value(*value.as_bool()); break;
        case json::Type::string: json.value(*value.as_string()); break;
        case json::Type::object: write_object(json, value, texts, place); break;
        case json::Type::number:
            if (const auto whole = value.as_int()) {
                json.value(*whole);
            } else {
                json.value(*value.as_double());
            }
            break;
        case json::Type::array:
            json.begin_array();
            for (const json::Value& item : value.items()) write_value(json, item, {}, place);
            json.end_array();
            break;
    }
}

}  // namespace

Result<LoginFile> LoginFile::read(const std::string& path, std::string_view what) {
    const auto text = read_token_file(path, what);
    if (!text) return text.error();
    auto document = json::parse(text->reveal(), login_limits);
    if (document && document->root().is_object()) return LoginFile{path, std::move(*document)};
    return Error{.kind = ErrorKind::denied,
                 .message = fmt::format("{} in {} cannot be used: {}", what, path,
                                        document ? "it is not a JSON object"
                                                 : std::string_view{document.error().message}),
                 .code = "BadTokenFile"};
}

std::error_code LoginFile::replace(const Texts& texts) const {
    JsonWriter json;
    write_value(json, root(), texts, "");
    std::string unfinished = path_ + ".XXXXXX";
    const FileDescriptor file{::mkostemp(unfinished.data(), O_CLOEXEC)};  // for this user alone
    if (!file.is_open()) return last_system_error();
    std::error_code error = write_to_disk(file, json.text());
    if (!error && std::rename(unfinished.c_str(), path_.c_str()) != 0) error = last_system_error();
    if (error) ::unlink(unfinished.c_str());
    return error;
}

}  // namespace fas::clients
