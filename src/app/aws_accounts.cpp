#include "app/aws_accounts.h"

#include <algorithm>
#include <utility>

#include "clients/aws/credentials/assume_role.h"

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

}  // namespace

Result<std::unique_ptr<AwsAccounts>> AwsAccounts::make(const std::string& profile,
                                                       Plumbing& plumbing) {
    auto shared = shared_settings(plumbing.environment, profile);
    if (!shared) return shared.error();
    return std::unique_ptr<AwsAccounts>{new AwsAccounts{std::move(*shared), plumbing}};
}

std::shared_ptr<AwsAccount> AwsAccounts::in(const std::string& region, const AwsRole& role) {
    auto& account = accounts_[{region, role}];
    if (account) return account;
    const auto keys = credentials(region, role);
    const clients::AwsContext context{plumbing_.reactor, plumbing_.http, *keys, plumbing_.clock,
                                      plumbing_.log,     shared_,        region};
    const auto end = [keys](AwsAccount* one) { delete one; };
    account = std::shared_ptr<AwsAccount>{new AwsAccount{context}, end};
    return account;
}

// Our own stays: everything is kept there.
void AwsAccounts::forget_unused() {
    const auto unused = [](const AwsRole& role, const auto& kept) {
        return !role.arn.empty() && kept.use_count() == 1;
    };
    std::erase_if(accounts_, [&](const auto& one) { return unused(one.first.second, one.second); });
    std::erase_if(credentials_, [&](const auto& one) { return unused(one.first, one.second); });
}

bool AwsAccounts::has(const AwsAccount* account) const {
    return std::ranges::any_of(accounts_,
                               [account](const auto& one) { return one.second.get() == account; });
}

clients::CredentialsParts AwsAccounts::parts(const std::string& region) const {
    return {plumbing_.reactor, plumbing_.http, plumbing_.clock, plumbing_.log, shared_, region};
}

// Every role is assumed by the program itself.
std::shared_ptr<clients::CredentialsProvider> AwsAccounts::credentials(const std::string& region,
                                                                       const AwsRole& role) {
    const auto known = credentials_.find(role);
    if (known != credentials_.end()) return known->second;
    std::shared_ptr<clients::CredentialsProvider> made;
    if (role.arn.empty()) {
        made = keep_fresh(clients::default_chain(parts(region)));
    } else {
        clients::RoleRequest request;
        request.role_arn = role.arn;
        request.session_name = "fast-autoscaler";
        request.external_id = role.external_id;
        made = keep_fresh(std::make_unique<clients::AssumeRoleSource>(
            parts(region), std::move(request), credentials(region, AwsRole{})));
    }
    credentials_.emplace(role, made);
    return made;
}

std::shared_ptr<clients::CredentialsProvider> AwsAccounts::keep_fresh(
    std::unique_ptr<clients::CredentialsSource> source) const {
    return std::make_shared<clients::RefreshingCredentials>(std::move(source), plumbing_.reactor,
                                                            plumbing_.clock, plumbing_.log);
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
