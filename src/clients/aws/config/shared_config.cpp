#include "clients/aws/config/shared_config.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
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
    auto path = environment(variable);
    if (!path) {
        const auto home = environment("HOME");
        if (!home) return std::nullopt;
        return fmt::format("{}/.aws/{}", *home, name_in_home);
    }
    return expand_home(environment, std::move(*path));
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

constexpr std::string_view access_key = "aws_access_key_id";
constexpr std::array key_settings{access_key, std::string_view{"aws_secret_access_key"},
                                  std::string_view{"aws_session_token"},
                                  std::string_view{"aws_security_token"}};

void merge(ConfigSection& into, ConfigSection from) {
    // A secret is no use but to its own access key.
    const bool has_keys = from.values.contains(access_key);
    if (has_keys || into.values.contains(access_key)) {
        ConfigValues& ends = has_keys ? into.values : from.values;
        for (const std::string_view key : key_settings) ends.erase(std::string{key});
    }
    for (auto& [key, value] : from.values) into.values[key] = std::move(value);
    for (auto& [key, block] : from.nested) into.nested[key] = std::move(block);
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

std::string expand_home(const Environment& environment, std::string path) {
    const auto home = environment("HOME");
    if (home && path.starts_with("~/")) path.replace(0, 1, *home);
    return path;
}

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
    for (auto& [section, content] : *credentials) {
        if (content.values.contains(access_key)) shared.with_credentials.insert(section);
        merge(shared.profiles[section], std::move(content));
    }
    return shared;
}

std::string SharedConfig::stamp(const Environment& environment) {
    return stamp_of(file_path(environment, config_variable, "config")) + "; " +
           stamp_of(file_path(environment, credentials_variable, "credentials"));
}

}  // namespace fas::clients
