// The two files that the SDKs and the aws command share, ~/.aws/config and ~/.aws/credentials, read
// into plain values.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/result.h"

namespace fas::clients {

using ConfigValues = std::map<std::string, std::string, std::less<>>;  // keys in lower case

// Empty where there is none.
inline std::string value_of(const ConfigValues& values, std::string_view key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : found->second;
}

// One section. `nested` are the indented blocks of a key without a value, as in
//   [services local]
//   sqs =
//     endpoint_url = http://localhost:9324
struct ConfigSection {
    ConfigValues values;
    std::map<std::string, ConfigValues, std::less<>> nested;

    bool operator==(const ConfigSection&) const = default;
};

// A path that the user gave, whose "~/" stands for HOME.
std::string expand_home(const Environment& environment, std::string path);

struct SharedConfig {
    using Sections = std::map<std::string, ConfigSection, std::less<>>;

    // By name; a setting in the credentials file wins over the config file's. Keys come from one of
    // the files: the credentials file, if it has an aws_access_key_id.
    Sections profiles;
    std::set<std::string, std::less<>> with_credentials;  // whose keys are the credentials file's
    Sections sso_sessions;                                // [sso-session NAME]
    Sections services;                                    // [services NAME]

    // Reads the files named by AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or ~/.aws/...; one
    // that does not exist is empty. Errors: invalid "BadConfigFile", with the file, the line and
    // what is wrong, but never a value.
    static Result<SharedConfig> load(const Environment& environment);

    // What the system says of both files: which they are, how large, when written. Another text
    // once one of them was written to, replaced, made or taken away. Reads neither.
    static std::string stamp(const Environment& environment);

    bool operator==(const SharedConfig&) const = default;
};

}  // namespace fas::clients
