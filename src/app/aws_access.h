// How the program reaches AWS: the shared files' settings, credentials that are kept fresh, and
// what clients are given. Its own account, for the queue and the state, and the target's, which is
// another one where a role is assumed for it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/plumbing.h"
#include "app/settings.h"
#include "clients/aws_client.h"
#include "clients/credentials/default_chain.h"
#include "clients/credentials/refreshing.h"

namespace fas::app {

class AwsAccess {
  public:
    // Reads the shared files; asks nobody for credentials yet. The plumbing must outlive it.
    // Errors: those of SharedConfig::load and AwsSettings::make.
    static Result<std::unique_ptr<AwsAccess>> make(const ProcessSettings& process,
                                                   const TargetSettings& settings,
                                                   Plumbing& plumbing);

    AwsAccess(const AwsAccess&) = delete;
    AwsAccess& operator=(const AwsAccess&) = delete;

    clients::AwsContext& own() { return own_; }
    clients::AwsContext& target() { return target_; }

  private:
    AwsAccess(clients::AwsSettings shared, const TargetSettings& settings, Plumbing& plumbing);

    clients::CredentialsParts parts(const TargetSettings& settings, Plumbing& plumbing) const;
    clients::AwsContext context(clients::CredentialsProvider& credentials,
                                const TargetSettings& settings, Plumbing& plumbing) const;

    clients::AwsSettings shared_;
    std::unique_ptr<clients::RefreshingCredentials> credentials_;
    std::unique_ptr<clients::RefreshingCredentials> target_credentials_;  // null: the same
    clients::AwsContext own_;
    clients::AwsContext target_;
};

// For SettingsSources: the region of a profile of the shared files. Errors as above.
std::function<Result<std::optional<std::string>>(const std::string& profile)> profile_region(
    const Environment& environment);

}  // namespace fas::app
