// The credentials of a role that other credentials may assume, through STS.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
#pragma once

#include <memory>

#include "clients/aws/credentials/default_chain.h"
#include "clients/aws/services/sts.h"

namespace fas::clients {

class AssumeRoleSource final : public CredentialsSource {
  public:
    // `base`: who assumes the role. A chain of roles is a RefreshingCredentials over another
    // AssumeRoleSource here, so that each link keeps its keys and is fetched no more than it must.
    AssumeRoleSource(const CredentialsParts& parts, RoleRequest role,
                     std::shared_ptr<CredentialsProvider> base);

    // Errors: denied "NoBaseCredentials" when the base is not set up; those of the base and of
    // StsClient::assume_role. Each names the role.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    RoleRequest role_;
    std::shared_ptr<CredentialsProvider> base_;
    AwsContext context_;
    StsClient sts_;
};

}  // namespace fas::clients
