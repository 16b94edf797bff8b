#include "clients/aws/credentials/profile_resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/parse_number.h"
#include "clients/aws/credentials/assume_role.h"
#include "clients/aws/credentials/container.h"
#include "clients/aws/credentials/environment.h"
#include "clients/aws/credentials/imds.h"
#include "clients/aws/credentials/login.h"
#include "clients/aws/credentials/process.h"
#include "clients/aws/credentials/refreshing.h"
#include "clients/aws/credentials/sso.h"
#include "clients/aws/credentials/web_identity.h"

namespace fas::clients {

namespace {

using Source = std::unique_ptr<CredentialsSource>;

class StaticKeys final : public CredentialsSource {
  public:
    explicit StaticKeys(FetchedCredentials keys) : keys_(std::move(keys)) {}
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope) override { co_return keys_; }

  private:
    FetchedCredentials keys_;
};

bool has_keys(const ConfigValues& profile) {
    return profile.contains("aws_access_key_id") || profile.contains("aws_secret_access_key");
}

// One that names a token to be exchanged for the role is a web identity's.
bool has_role(const ConfigValues& profile) {
    return profile.contains("role_arn") && !profile.contains("web_identity_token_file");
}

Result<Source> keys_of(const std::string& name, const ConfigValues& profile) {
    FetchedCredentials fetched;
    fetched.keys.access_key_id = value_of(profile, "aws_access_key_id");
    fetched.keys.secret_access_key = Secret{value_of(profile, "aws_secret_access_key")};
    const bool older = profile.contains("aws_security_token");
    fetched.keys.session_token =
        Secret{value_of(profile, older ? "aws_security_token" : "aws_session_token")};
    if (fetched.keys.access_key_id.empty()) {
        return bad_profile(name, "aws_access_key_id is missing beside aws_secret_access_key");
    }
    if (fetched.keys.secret_access_key.empty()) {
        return bad_profile(name, "aws_secret_access_key is missing beside aws_access_key_id");
    }
    return Source{std::make_unique<StaticKeys>(std::move(fetched))};
}

// A profile without a way to keys is no source. One that has half a way was meant to be one: to go
// on to the next place would be to use another identity than its author's.
Error nothing_in(const std::string& name, const ConfigValues& profile) {
    static constexpr std::array half_a_way = std::to_array<std::string_view>(
        {"source_profile", "credential_source", "sso_session", "sso_start_url", "aws_session_token",
         "mfa_serial", "external_id"});
    for (const std::string_view key : half_a_way) {
        if (profile.contains(key)) {
            return bad_profile(name, fmt::format("{} alone leads to none; complete it, or take it "
                                                 "out of the profile",
                                                 key));
        }
    }
    return {.kind = ErrorKind::denied,
            .message = fmt::format("no keys in profile {}", name),
            .code = "NotConfigured"};
}

Result<RoleRequest> role_request(const std::string& name, const ConfigValues& profile) {
    RoleRequest request;
    request.role_arn = value_of(profile, "role_arn");
    request.session_name = value_of(profile, "role_session_name");
    request.external_id = value_of(profile, "external_id");
    const std::string duration = value_of(profile, "duration_seconds");
    if (!duration.empty()) {
        const auto seconds = parse_number<int>(duration);
        if (!seconds || *seconds <= 0) {
            return bad_profile(name, "duration_seconds is not a number of seconds");
        }
        request.duration = std::chrono::seconds{*seconds};
    }
    return request;
}

// One profile, and how it was reached.
class Resolver {
  public:
    Resolver(const CredentialsParts& parts, const SharedConfig& files)
        : parts_(parts), files_(files) {}

    Result<Source> resolve(const std::string& name) {
        const auto found = files_.profiles.find(name);
        if (found == files_.profiles.end()) return nothing_in(name, {});
        const ConfigValues& profile = found->second.values;
        if (has_role(profile)) return role(name, profile);
        return without_role(name, profile);
    }

  private:
    // In botocore's order: keys of the credentials file come before a login and a process, those
    // of the config file after them.
    Result<Source> without_role(const std::string& name, const ConfigValues& profile) const {
        if (profile.contains("web_identity_token_file")) return web_identity(name, profile);
        if (names_sso(profile)) return sso_source(parts_, files_, name, profile);
        if (files_.with_credentials.contains(name)) return keys_of(name, profile);
        if (const auto login = profile.find("login_session"); login != profile.end()) {
            return login_source(parts_, name, login->second);
        }
        if (const auto command = profile.find("credential_process"); command != profile.end()) {
            return Source{std::make_unique<ProcessSource>(parts_, name, command->second)};
        }
        if (has_keys(profile)) return keys_of(name, profile);
        return nothing_in(name, profile);
    }

    Result<Source> web_identity(const std::string& name, const ConfigValues& profile) const {
        RoleRequest request;
        request.role_arn = value_of(profile, "role_arn");
        request.session_name = value_of(profile, "role_session_name");
        // The environment completes its own profile, not one that another leads to.
        if (request.role_arn.empty() && visited_.empty() && !parts_.settings.profile_given()) {
            request.role_arn = parts_.settings.environment()("AWS_ROLE_ARN").value_or("");
        }
        if (request.role_arn.empty()) {
            return bad_profile(name,
                               "its web_identity_token_file needs a role_arn, the role to assume "
                               "with the token");
        }
        return Source{std::make_unique<WebIdentitySource>(
            parts_, value_of(profile, "web_identity_token_file"), std::move(request))};
    }

    Result<Source> role(const std::string& name, const ConfigValues& profile) {
        if (profile.contains("mfa_serial")) {
            return bad_profile(name,
                               "mfa_serial asks for a code that only a person can type; use a role "
                               "without it, or export the keys of a session");
        }
        auto request = role_request(name, profile);
        if (!request) return request.error();
        auto base = role_base(name, profile);
        if (!base) return base.error();
        auto provider = std::make_unique<RefreshingCredentials>(std::move(*base), parts_.reactor,
                                                                parts_.clock, parts_.log);
        return Source{
            std::make_unique<AssumeRoleSource>(parts_, std::move(*request), std::move(provider))};
    }

    // Who assumes the role.
    Result<Source> role_base(const std::string& name, const ConfigValues& profile) {
        const std::string source_profile = value_of(profile, "source_profile");
        const std::string credential_source = value_of(profile, "credential_source");
        if (source_profile.empty() == credential_source.empty()) {
            return bad_profile(name, "role_arn needs one of source_profile and credential_source");
        }
        if (!credential_source.empty()) return role_base_here(name, credential_source);
        auto found = role_base_in(name, source_profile);
        if (!found && found.error().code == "NotConfigured") {
            return bad_profile(name,
                               fmt::format("its source_profile {} has no keys", source_profile));
        }
        return found;
    }

    // The keys that a profile has beside a role are there to assume roles with, its own among them.
    Result<Source> role_base_in(const std::string& name, const std::string& source_profile) {
        const auto source = files_.profiles.find(source_profile);
        if (source == files_.profiles.end()) {
            return bad_profile(name,
                               fmt::format("its source_profile {} does not exist", source_profile));
        }
        const ConfigValues& profile = source->second.values;
        visited_.push_back(name);
        const bool circle = std::ranges::find(visited_, source_profile) != visited_.end();
        if (circle && (source_profile != name || !has_keys(profile))) {
            return bad_profile(name, fmt::format("source_profile goes in a circle: {} -> {}",
                                                 fmt::join(visited_, " -> "), source_profile));
        }
        if (has_role(profile) && !has_keys(profile)) return role(source_profile, profile);
        return without_role(source_profile, profile);
    }

    Result<Source> role_base_here(const std::string& name, std::string_view place) const {
        if (place == "Environment") {
            return Source{
                std::make_unique<EnvironmentSource>(parts_.settings.environment(), parts_.clock)};
        }
        if (place == "EcsContainer") return Source{std::make_unique<ContainerSource>(parts_)};
        if (place == "Ec2InstanceMetadata") return Source{std::make_unique<ImdsSource>(parts_)};
        return bad_profile(name,
                           fmt::format("credential_source {} is none of Environment, EcsContainer "
                                       "and Ec2InstanceMetadata",
                                       place));
    }

    const CredentialsParts& parts_;
    const SharedConfig& files_;
    std::vector<std::string> visited_;  // the roles on the way here
};

}  // namespace

Error bad_profile(std::string_view profile, std::string_view why) {
    return {.kind = ErrorKind::denied,
            .message = fmt::format("profile {} gives no keys: {}", profile, why),
            .code = "BadProfile"};
}

Result<Source> resolve_profile(const CredentialsParts& parts, const SharedConfig& files,
                               const std::string& name) {
    return Resolver{parts, files}.resolve(name);
}

}  // namespace fas::clients
