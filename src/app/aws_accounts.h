// How the program reaches AWS: the shared files' settings, credentials that are kept fresh, and the
// clients of each account and region, made once however many targets are in it. One thread.
#pragma once

#include <compare>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/plumbing.h"
#include "clients/aws/account.h"
#include "clients/aws/credentials/default_chain.h"
#include "clients/aws/credentials/refreshing.h"

namespace fas::app {

// Whose keys are used. Without a role: the program's own.
struct AwsRole {
    std::string arn;
    std::string external_id;

    auto operator<=>(const AwsRole&) const = default;
};

using clients::AwsAccount;

class AwsAccounts {
  public:
    // Reads the shared files; asks nobody for credentials yet. `profile` is one of them; empty: as
    // AWS_PROFILE says. The plumbing must outlive it. Errors: those of SharedConfig::load and
    // AwsSettings::make.
    static Result<std::unique_ptr<AwsAccounts>> make(const std::string& profile,
                                                     Plumbing& plumbing);

    AwsAccounts(const AwsAccounts&) = delete;
    AwsAccounts& operator=(const AwsAccounts&) = delete;

    // Made when it is first asked for. Whoever uses it keeps it: the account, and a role's keys,
    // are forgotten when nobody does any more.
    std::shared_ptr<AwsAccount> in(const std::string& region, const AwsRole& role);
    void forget_unused();
    bool has(const AwsAccount* account) const;

  private:
    AwsAccounts(clients::AwsSettings shared, Plumbing& plumbing)
        : shared_(std::move(shared)), plumbing_(plumbing) {}

    clients::CredentialsParts parts(const std::string& region) const;
    std::shared_ptr<clients::CredentialsProvider> credentials(const std::string& region,
                                                              const AwsRole& role);
    std::shared_ptr<clients::CredentialsProvider> keep_fresh(
        std::unique_ptr<clients::CredentialsSource> source) const;

    clients::AwsSettings shared_;
    Plumbing& plumbing_;
    // A role's keys are good in every region.
    std::map<AwsRole, std::shared_ptr<clients::CredentialsProvider>> credentials_;
    std::map<std::pair<std::string, AwsRole>, std::shared_ptr<AwsAccount>> accounts_;
};

// For SettingsSources: the region of a profile of the shared AWS files. Errors as above.
std::function<Result<std::optional<std::string>>(const std::string& profile)> profile_region(
    const Environment& environment);

}  // namespace fas::app
