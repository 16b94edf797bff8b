#include "clients/aws/credentials/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/parse_number.h"
#include "clients/aws/credentials/assume_role.h"
#include "clients/aws/credentials/container.h"
#include "clients/aws/credentials/environment.h"
#include "clients/aws/credentials/imds.h"
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

Error bad_profile(std::string_view profile, std::string_view why) {
    return {.kind = ErrorKind::denied,
            .message = fmt::format("profile {} gives no keys: {}", profile, why),
            .code = "BadProfile"};
}

// One profile, and how it was reached.
class Resolver {
  public:
    Resolver(const CredentialsParts& parts, const SharedConfig& files)
        : parts_(parts), files_(files) {}

    Result<Source> resolve(const std::string& name) {
        const auto found = files_.profiles.find(name);
        if (found == files_.profiles.end()) return nothing_in(name);
        const ConfigValues& values = found->second.values;
        const bool web_identity = values.contains("web_identity_token_file");
        if (values.contains("role_arn") && !web_identity) return role(name, values);
        if (values.contains("role_arn")) return web_identity_role(values);
        if (names_sso(values)) return sso_source(parts_, files_, name, values);
        if (has_keys(values)) return keys(name, values);
        if (const auto command = values.find("credential_process"); command != values.end()) {
            return Source{std::make_unique<ProcessSource>(parts_, name, command->second)};
        }
        return nothing_in(name);
    }

  private:
    static bool has_keys(const ConfigValues& values) {
        return values.contains("aws_access_key_id") || values.contains("aws_secret_access_key");
    }

    static Result<Source> nothing_in(const std::string& name) {
        return Error{.kind = ErrorKind::denied,
                     .message = fmt::format("no keys in profile {}", name),
                     .code = "NotConfigured"};
    }

    static Result<Source> keys(const std::string& name, const ConfigValues& values) {
        FetchedCredentials fetched;
        fetched.keys.access_key_id = value_of(values, "aws_access_key_id");
        fetched.keys.secret_access_key = Secret{value_of(values, "aws_secret_access_key")};
        fetched.keys.session_token = Secret{value_of(values, "aws_session_token")};
        if (fetched.keys.access_key_id.empty()) {
            return bad_profile(name, "aws_access_key_id is missing beside aws_secret_access_key");
        }
        if (fetched.keys.secret_access_key.empty()) {
            return bad_profile(name, "aws_secret_access_key is missing beside aws_access_key_id");
        }
        return Source{std::make_unique<StaticKeys>(std::move(fetched))};
    }

    static Result<RoleRequest> role_request(const std::string& name, const ConfigValues& values) {
        RoleRequest request;
        request.role_arn = value_of(values, "role_arn");
        request.session_name = value_of(values, "role_session_name");
        request.external_id = value_of(values, "external_id");
        const std::string duration = value_of(values, "duration_seconds");
        if (!duration.empty()) {
            const auto seconds = parse_number<int>(duration);
            if (!seconds || *seconds <= 0) {
                return bad_profile(name, "duration_seconds is not a number of seconds");
            }
            request.duration = std::chrono::seconds{*seconds};
        }
        return request;
    }

    Result<Source> web_identity_role(const ConfigValues& values) const {
        RoleRequest request;
        request.role_arn = value_of(values, "role_arn");
        request.session_name = value_of(values, "role_session_name");
        return Source{std::make_unique<WebIdentitySource>(
            parts_, value_of(values, "web_identity_token_file"), std::move(request))};
    }

    Result<Source> role(const std::string& name, const ConfigValues& values) {
        if (values.contains("mfa_serial")) {
            return bad_profile(name,
                               "mfa_serial asks for a code that only a person can type; use a role "
                               "without it, or export the keys of a session");
        }
        auto request = role_request(name, values);
        if (!request) return request.error();
        auto base = role_base(name, values);
        if (!base) return base.error();
        auto provider = std::make_unique<RefreshingCredentials>(std::move(*base), parts_.reactor,
                                                                parts_.clock, parts_.log);
        return Source{
            std::make_unique<AssumeRoleSource>(parts_, std::move(*request), std::move(provider))};
    }

    // Who assumes the role.
    Result<Source> role_base(const std::string& name, const ConfigValues& values) {
        const std::string source_profile = value_of(values, "source_profile");
        const std::string credential_source = value_of(values, "credential_source");
        if (source_profile.empty() == credential_source.empty()) {
            return bad_profile(name, "role_arn needs one of source_profile and credential_source");
        }
        if (!credential_source.empty()) return role_base_here(name, credential_source);

        visited_.push_back(name);
        const auto& profiles = files_.profiles;
        const auto source = profiles.find(source_profile);
        if (source == profiles.end()) {
            return bad_profile(name,
                               fmt::format("its source_profile {} does not exist", source_profile));
        }
        if (std::ranges::find(visited_, source_profile) != visited_.end()) {
            // A chain may end in the keys of a profile that is also a role.
            if (has_keys(source->second.values)) return keys(source_profile, source->second.values);
            return bad_profile(name, fmt::format("source_profile goes in a circle: {} -> {}",
                                                 fmt::join(visited_, " -> "), source_profile));
        }
        auto resolved = resolve(source_profile);
        if (!resolved && resolved.error().code == "NotConfigured") {
            return bad_profile(name,
                               fmt::format("its source_profile {} has no keys", source_profile));
        }
        return resolved;
    }

    Result<Source> role_base_here(const std::string& name, std::string_view place) const {
        if (place == "Environment") {
            return Source{std::make_unique<EnvironmentSource>(parts_.settings.environment())};
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

// Reads the files, and finds out where the profile leads.
std::optional<Error> ProfileSource::follow() {
    const Environment& environment = parts_.settings.environment();
    stamp_ = SharedConfig::stamp(environment);
    auto files = SharedConfig::load(environment);
    if (!files) return files.error();
    if (source_ != nullptr && *files == files_) return std::nullopt;
    auto found = Resolver{parts_, *files}.resolve(parts_.settings.profile_name());
    source_ = found ? std::move(*found) : nullptr;
    files_ = std::move(*files);
    return found ? std::nullopt : std::optional{found.error()};
}

reactor::Task<Result<FetchedCredentials>> ProfileSource::fetch(reactor::Scope scope) {
    if (const auto problem = follow()) co_return *problem;
    auto fetched = co_await source_->fetch(std::move(scope));
    // The profile is set up, even where what it leads to is not: no other place is to be asked.
    if (!fetched && fetched.error().code == "NotConfigured") {
        co_return bad_profile(parts_.settings.profile_name(), fetched.error().message);
    }
    co_return fetched;
}

bool ProfileSource::changed() const {
    return SharedConfig::stamp(parts_.settings.environment()) != stamp_;
}

}  // namespace fas::clients
