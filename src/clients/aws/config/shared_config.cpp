#include "clients/aws/config/shared_config.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <system_error>

#include "base/read_file.h"
#include "clients/aws/config/ini.h"

namespace fas::clients {

namespace {

using Sections = SharedConfig::Sections;

constexpr const char* config_variable = "AWS_CONFIG_FILE";
constexpr const char* credentials_variable = "AWS_SHARED_CREDENTIALS_FILE";

// Nothing when nobody named it and there is no home directory.
std::optional<std::string> file_path(const Environment& environment, const char* variable,
                                     std::string_view name_in_home) {
    const auto home = environment("HOME");
    auto path = environment(variable);
    if (!path) {
        if (!home) return std::nullopt;
        return fmt::format("{}/.aws/{}", *home, name_in_home);
    }
    if (path->starts_with("~/") && home) path->replace(0, 1, *home);
    return path;
}

Error bad_file(const std::string& path, std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("the AWS file {} cannot be used: {}", path, why),
            .code = "BadConfigFile"};
}

bool is_absent(std::error_code error) {
    return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

Result<Sections> read_sections(const std::optional<std::string>& path) {
    if (!path) return Sections{};
    const auto text = read_file(*path, ini_bytes_max);
    if (!text && is_absent(text.error())) return Sections{};
    if (!text && text.error() == std::errc::file_too_large) {
        return bad_file(*path, "it is larger than 1 MiB");
    }
    if (!text) return bad_file(*path, text.error().message());
    auto sections = parse_ini(*text);
    if (!sections) return bad_file(*path, sections.error().message);
    return sections;
}

std::string stamp_of(const std::optional<std::string>& path) {
    struct stat file{};
    if (!path || ::stat(path->c_str(), &file) != 0) return "none";
    return fmt::format("{}:{} {} {}.{:09} {}.{:09}", file.st_dev, file.st_ino, file.st_size,
                       file.st_mtim.tv_sec, file.st_mtim.tv_nsec, file.st_ctim.tv_sec,
                       file.st_ctim.tv_nsec);
}

void merge(ConfigSection& into, const ConfigSection& from) {
    for (const auto& [key, value] : from.values) into.values[key] = value;
    for (const auto& [key, block] : from.nested) into.nested[key] = block;
}

// "dev" of `profile dev` and of `profile "dev"`; nothing when the section is of another kind.
std::optional<std::string> name_of(std::string_view section, std::string_view kind) {
    if (!section.starts_with(kind)) return std::nullopt;
    section.remove_prefix(kind.size());
    const std::size_t start = section.find_first_not_of(" \t");
    if (start == 0 || start == std::string_view::npos) return std::nullopt;
    section.remove_prefix(start);
    const char quote = section.front();
    if ((quote == '"' || quote == '\'') && section.size() > 2 && section.ends_with(quote)) {
        section = section.substr(1, section.size() - 2);
    }
    return std::string{section};
}

}  // namespace

Result<SharedConfig> SharedConfig::load(const Environment& environment) {
    auto config = read_sections(file_path(environment, config_variable, "config"));
    if (!config) return config.error();
    auto credentials = read_sections(file_path(environment, credentials_variable, "credentials"));
    if (!credentials) return credentials.error();

    SharedConfig shared;
    // `[profile default]` wins over `[default]`, and so comes after it.
    if (const auto found = config->find("default"); found != config->end()) {
        shared.profiles["default"] = found->second;
    }
    for (const auto& [section, content] : *config) {
        if (const auto profile = name_of(section, "profile")) {
            shared.profiles[*profile] = content;
        } else if (const auto session = name_of(section, "sso-session")) {
            shared.sso_sessions[*session] = content;
        } else if (const auto services = name_of(section, "services")) {
            shared.services[*services] = content;
        }
    }
    for (const auto& [section, content] : *credentials) merge(shared.profiles[section], content);
    return shared;
}

std::string SharedConfig::stamp(const Environment& environment) {
    return stamp_of(file_path(environment, config_variable, "config")) + "; " +
           stamp_of(file_path(environment, credentials_variable, "credentials"));
}

}  // namespace fas::clients
