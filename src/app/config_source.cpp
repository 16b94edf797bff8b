#include "app/config_source.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/read_file.h"
#include "clients/aws/services/ssm.h"
#include "settings/given.h"

namespace fas::app {

namespace {

constexpr const char* variable = "FAST_AUTOSCALER_CONFIG";
constexpr std::string_view s3_prefix = "s3://";
constexpr std::string_view ssm_prefix = "ssm:";

Error unusable_place(std::string_view place, std::string_view accepted) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("the place of the configuration {} is not accepted: it is {}",
                                   settings::shown_text(place), accepted),
            .code = "ConfigPlace"};
}

Error unreadable(const std::string& path, std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("cannot read the configuration file {}: {}", path, why),
            .code = "ConfigFile"};
}

Error unreadable(Error error, const std::string& place, std::string_view permission) {
    error.message = fmt::format("cannot read the configuration {}: {}; {}", place, error.message,
                                error.kind == ErrorKind::denied
                                    ? fmt::format("check the credentials and allow {}", permission)
                                    : "check that it is there");
    return error;
}

// Its text may hold secrets, so it must not be taken for the name of a file, which errors show.
bool is_document(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && text[begin] == '{';
}

Result<std::string> read_text(const std::string& path) {
    auto text = read_file(path, settings::document_bytes_max);
    if (text) return std::move(*text);
    if (text.error() == std::errc::file_too_large) return unreadable(path, "it is over 64 MiB");
    return unreadable(path, text.error().message());
}

}  // namespace

Result<ConfigSource> ConfigSource::make(const std::optional<std::string>& place,
                                        Plumbing& plumbing) {
    ConfigSource source{plumbing};
    const auto chosen = place ? place : plumbing.environment(variable);
    if (!chosen) return source;
    const std::string_view text = *chosen;
    if (is_document(text)) {
        source.place_ = Document{place ? "--config" : variable, std::string{text}};
    } else if (text.starts_with(s3_prefix)) {
        const std::string_view rest = text.substr(s3_prefix.size());
        const std::size_t slash = rest.find('/');
        if (slash == 0 || slash == std::string_view::npos || slash + 1 == rest.size()) {
            return unusable_place(text, "s3://BUCKET/KEY");
        }
        source.place_ =
            Object{std::string{rest.substr(0, slash)}, std::string{rest.substr(slash + 1)}, {}};
    } else if (text.starts_with(ssm_prefix)) {
        if (text.size() == ssm_prefix.size()) return unusable_place(text, "ssm:NAME");
        source.place_ = Parameter{std::string{text.substr(ssm_prefix.size())}};
    } else {
        source.place_ = File{std::string{text}, std::nullopt};
    }
    return source;
}

reactor::Task<Result<std::optional<Document>>> ConfigSource::read_change(reactor::Scope scope) {
    if (!exists()) co_return std::optional<Document>{};
    if (auto* document = std::get_if<Document>(&place_)) {
        std::optional<Document> read{std::move(*document)};
        place_ = Nowhere{};
        co_return read;
    }
    if (auto* file = std::get_if<File>(&place_)) co_return read_file(*file);
    const Result<AwsAccount*> account = aws();
    if (!account) co_return account.error();
    if (auto* object = std::get_if<Object>(&place_)) {
        co_return co_await read_object(object, *account, std::move(scope));
    }
    auto* parameter = &std::get<Parameter>(place_);
    co_return co_await read_parameter(parameter, *account, std::move(scope));
}

// The document may name another region and another profile, but it has to be found first.
Result<AwsAccount*> ConfigSource::aws() {
    const Environment& environment = plumbing_->environment;
    const std::string profile = environment("SSO_PROFILE").value_or("");
    if (!accounts_) {
        auto made = AwsAccounts::make(profile, *plumbing_);
        if (!made) return made.error();
        accounts_ = std::move(*made);
    }
    const auto region = profile_region(environment)(profile);
    if (!region) return region.error();
    return accounts_->in(region->value_or("us-east-1"), AwsRole{}).get();
}

ConfigSource::Change ConfigSource::read_file(File& file) {
    auto text = read_text(file.path);
    if (!text) return text.error();
    if (file.last_text == *text) return std::optional<Document>{};
    file.last_text = *text;
    return std::optional{Document{"file " + file.path, std::move(*text)}};
}

reactor::Task<ConfigSource::Change> ConfigSource::read_object(Object* object, AwsAccount* aws,
                                                              reactor::Scope scope) {
    const std::string place = fmt::format("{}{}/{}", s3_prefix, object->bucket, object->key);
    auto found = co_await aws->s3.get_object_unless(object->bucket, object->key, object->etag,
                                                    std::move(scope));
    if (!found) co_return unreadable(std::move(found.error()), place, "s3:GetObject");
    if (!*found) co_return std::optional<Document>{};
    object->etag = std::move((*found)->etag);
    co_return std::optional{Document{place, std::move((*found)->body)}};
}

reactor::Task<ConfigSource::Change> ConfigSource::read_parameter(Parameter* parameter,
                                                                 AwsAccount* aws,
                                                                 reactor::Scope scope) {
    const std::string place = fmt::format("{}{}", ssm_prefix, parameter->name);
    clients::SsmClient client{aws->context};
    auto found = co_await client.parameter(parameter->name, std::move(scope));
    if (!found) co_return unreadable(std::move(found.error()), place, "ssm:GetParameter");
    if (found->version == parameter->version) co_return std::optional<Document>{};
    parameter->version = found->version;
    co_return std::optional{Document{place, std::move(found->value)}};
}

}  // namespace fas::app
