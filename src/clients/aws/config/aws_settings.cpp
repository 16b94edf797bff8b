#include "clients/aws/config/aws_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace fas::clients {

namespace {

bool is_true(std::string_view text) {
    constexpr std::string_view yes = "true";
    return std::ranges::equal(text, yes, [](char a, char b) { return (a | 0x20) == b; });
}

std::optional<std::string> find(const ConfigValues& values, std::string_view key) {
    std::string value = value_of(values, key);
    return value.empty() ? std::nullopt : std::optional{std::move(value)};
}

// "Auto Scaling" is AUTO_SCALING in a variable's name, and auto_scaling in a file; "DynamoDB" is
// DYNAMODB and dynamodb.
std::string upper_key(std::string_view service) {
    std::string key{service};
    std::ranges::transform(key, key.begin(), [](char c) {
        if (c == ' ') return '_';
        return is_lower_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return key;
}

Error no_such_profile(const std::string& name, const SharedConfig& files) {
    std::string known;
    for (const auto& [profile, section] : files.profiles) {
        known += known.empty() ? "" : ", ";
        known += profile;
    }
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("there is no profile {} in the AWS files; {}", name,
                                   known.empty() ? "they have none, or there are no such files "
                                                   "(AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE "
                                                   "say where they are)"
                                                 : fmt::format("they have {}", known)),
            .code = "NoSuchProfile"};
}

}  // namespace

Result<AwsSettings> AwsSettings::make(Environment environment, SharedConfig files,
                                      const std::optional<std::string>& profile) {
    AwsSettings settings;
    settings.profile_given_ = profile.has_value();
    const auto from_environment = environment("AWS_PROFILE");
    settings.profile_name_ = profile.value_or(from_environment.value_or("default"));
    settings.environment_ = std::move(environment);
    settings.files_ = std::move(files);
    settings.profile_named_ = settings.profile_given_ || from_environment;
    if (settings.profile_named_ && !settings.files_.profiles.contains(settings.profile_name_)) {
        return no_such_profile(settings.profile_name_, settings.files_);
    }
    return settings;
}

const ConfigSection& AwsSettings::profile() const {
    static const ConfigSection empty;
    const auto found = files_.profiles.find(profile_name_);
    return found == files_.profiles.end() ? empty : found->second;
}

std::optional<std::string> AwsSettings::get(const char* variable,
                                            std::string_view profile_key) const {
    if (auto value = environment_(variable)) return value;
    return find(profile().values, profile_key);
}

bool AwsSettings::enabled(const char* variable, std::string_view profile_key) const {
    return is_true(get(variable, profile_key).value_or(""));
}

std::optional<std::string> AwsSettings::region() const {
    if (auto region = environment_("AWS_REGION")) return region;
    return get("AWS_DEFAULT_REGION", "region");
}

std::optional<AwsSettings::NamedUrl> AwsSettings::endpoint_url(std::string_view service) const {
    if (enabled("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls")) {
        return std::nullopt;
    }
    const std::string own = fmt::format("AWS_ENDPOINT_URL_{}", upper_key(service));
    for (const std::string& variable : {own, std::string{"AWS_ENDPOINT_URL"}}) {
        if (auto url = environment_(variable.c_str())) return NamedUrl{std::move(*url), variable};
    }
    if (const auto name = find(profile().values, "services")) {
        if (const auto section = files_.services.find(*name); section != files_.services.end()) {
            const auto block = section->second.nested.find(lower_case(upper_key(service)));
            if (block != section->second.nested.end()) {
                if (auto url = find(block->second, "endpoint_url")) {
                    return NamedUrl{std::move(*url),
                                    fmt::format("endpoint_url of services {}", *name)};
                }
            }
        }
    }
    if (auto url = find(profile().values, "endpoint_url")) {
        return NamedUrl{std::move(*url), fmt::format("endpoint_url of profile {}", profile_name_)};
    }
    return std::nullopt;
}

}  // namespace fas::clients
