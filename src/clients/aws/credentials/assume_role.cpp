#include "clients/aws/credentials/assume_role.h"

namespace fas::clients {

AssumeRoleSource::AssumeRoleSource(const CredentialsParts& parts, RoleRequest role,
                                   std::shared_ptr<CredentialsProvider> base)
    : role_(std::move(role)),
      base_(std::move(base)),
      context_{parts.reactor, parts.http,     *base_,      parts.clock,
               parts.log,     parts.settings, parts.region},
      sts_(context_) {}

reactor::Task<Result<FetchedCredentials>> AssumeRoleSource::fetch(reactor::Scope scope) {
    auto fetched = co_await sts_.assume_role(role_, std::move(scope));
    // Nobody set up the base's keys, but this role somebody did: no other source is to be asked.
    if (!fetched && fetched.error().code == "NotConfigured") {
        fetched.error().code = "NoBaseCredentials";
    }
    co_return fetched;
}

}  // namespace fas::clients
