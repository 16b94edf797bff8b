#include "app/aws_access.h"

#include <fmt/format.h>

#include "clients/credentials/assume_role.h"

namespace fas::app {

namespace {

Result<clients::AwsSettings> shared_settings(const Environment& environment,
                                             const std::string& profile) {
    auto files = clients::SharedConfig::load(environment);
    if (!files) return files.error();
    std::optional<std::string> name;
    if (!profile.empty()) name = profile;
    return clients::AwsSettings::make(environment, std::move(*files), name);
}

std::unique_ptr<clients::RefreshingCredentials> keep_fresh(
    std::unique_ptr<clients::CredentialsSource> source, Plumbing& plumbing) {
    return std::make_unique<clients::RefreshingCredentials>(std::move(source), plumbing.reactor,
                                                            plumbing.clock, plumbing.log);
}

std::unique_ptr<clients::RefreshingCredentials> target_role(const clients::CredentialsParts& parts,
                                                            const TargetSettings& settings,
                                                            Plumbing& plumbing) {
    if (settings.target_role_arn.empty()) return nullptr;
    clients::RoleRequest role;
    role.role_arn = settings.target_role_arn;
    role.session_name = "fast-autoscaler";
    role.external_id = settings.target_external_id;
    return keep_fresh(
        std::make_unique<clients::AssumeRoleSource>(
            parts, std::move(role), keep_fresh(clients::default_chain(parts), plumbing)),
        plumbing);
}

}  // namespace

Result<std::unique_ptr<AwsAccess>> AwsAccess::make(const ProcessSettings& process,
                                                   const TargetSettings& settings,
                                                   Plumbing& plumbing) {
    auto shared = shared_settings(plumbing.environment, process.sso_profile);
    if (!shared) return shared.error();
    return std::unique_ptr<AwsAccess>{new AwsAccess{std::move(*shared), settings, plumbing}};
}

AwsAccess::AwsAccess(clients::AwsSettings shared, const TargetSettings& settings,
                     Plumbing& plumbing)
    : shared_(std::move(shared)),
      credentials_(keep_fresh(clients::default_chain(parts(settings, plumbing)), plumbing)),
      target_credentials_(target_role(parts(settings, plumbing), settings, plumbing)),
      own_(context(*credentials_, settings, plumbing)),
      target_(context(target_credentials_ ? *target_credentials_ : *credentials_, settings,
                      plumbing)) {}

clients::CredentialsParts AwsAccess::parts(const TargetSettings& settings,
                                           Plumbing& plumbing) const {
    return {plumbing.reactor, plumbing.http, plumbing.clock,
            plumbing.log,     shared_,       settings.region};
}

clients::AwsContext AwsAccess::context(clients::CredentialsProvider& credentials,
                                       const TargetSettings& settings, Plumbing& plumbing) const {
    return {plumbing.reactor, plumbing.http, credentials,    plumbing.clock,
            plumbing.log,     shared_,       settings.region};
}

std::function<Result<std::optional<std::string>>(const std::string& profile)> profile_region(
    const Environment& environment) {
    return [environment](const std::string& profile) -> Result<std::optional<std::string>> {
        const auto shared = shared_settings(environment, profile);
        if (!shared) return shared.error();
        return shared->region();
    };
}

}  // namespace fas::app
