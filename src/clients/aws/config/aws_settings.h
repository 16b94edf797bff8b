// What the user told AWS's tools in general, and so tells this one: the environment first, then the
// chosen profile of the shared files. A value; made once an account in use.
// https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/environment.h"
#include "base/result.h"
#include "clients/aws/config/shared_config.h"

namespace fas::clients {

class AwsSettings {
  public:
    // The profile is `profile` where one is given (and then the environment's keys are not used),
    // else AWS_PROFILE, else "default". Errors: invalid "NoSuchProfile" when a profile that was
    // named is in neither file: which ones there are, and what to set.
    static Result<AwsSettings> make(Environment environment, SharedConfig files,
                                    const std::optional<std::string>& profile = {});

    // A setting that the environment and the profile can both give. The environment wins.
    std::optional<std::string> get(const char* variable, std::string_view profile_key) const;

    // Such a setting as yes or no: "true", in any case, is yes, everything else no.
    bool enabled(const char* variable, std::string_view profile_key) const;

    // AWS_REGION, AWS_DEFAULT_REGION, the profile's region.
    std::optional<std::string> region() const;

    // An endpoint that the user named for a service ("SQS", "Auto Scaling"), in this order:
    // AWS_ENDPOINT_URL_<SERVICE> (AUTO_SCALING), AWS_ENDPOINT_URL, the profile's `services` section
    // (auto_scaling), the profile's endpoint_url. Nothing when AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
    // or the profile's ignore_configured_endpoint_urls is true. `place` says in words where it was
    // found.
    struct NamedUrl {
        std::string url;
        std::string place;  // "AWS_ENDPOINT_URL_SQS", "endpoint_url of profile dev"
    };
    std::optional<NamedUrl> endpoint_url(std::string_view service) const;

    const Environment& environment() const { return environment_; }
    const SharedConfig& files() const { return files_; }
    const std::string& profile_name() const { return profile_name_; }
    bool profile_given() const { return profile_given_; }  // by the program's own configuration
    bool profile_named() const { return profile_named_; }  // by that, or by AWS_PROFILE

    // Empty when there is no such profile, which is no error for "default" that nobody named.
    const ConfigSection& profile() const;

  private:
    AwsSettings() = default;

    Environment environment_;
    SharedConfig files_;
    std::string profile_name_;
    bool profile_given_ = false;
    bool profile_named_ = false;
};

}  // namespace fas::clients
