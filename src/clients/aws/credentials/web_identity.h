// The credentials of a role for the bearer of a token that an identity provider gave out: a pod of
// Kubernetes with a service account, a job of a CI system.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
#pragma once

#include <memory>
#include <string>

#include "clients/aws/credentials/default_chain.h"
#include "clients/aws/credentials/no_credentials.h"
#include "clients/aws/services/sts.h"

namespace fas::clients {

class WebIdentitySource final : public CredentialsSource {
  public:
    WebIdentitySource(const CredentialsParts& parts, std::string token_file, RoleRequest role);

    // As AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME have it.
    static std::unique_ptr<WebIdentitySource> from_environment(const CredentialsParts& parts);

    // Reads the file anew each time: the token in it is replaced before it expires. Errors: denied
    // "NotConfigured" when no file is named; denied "NoRole" when one is, but no role;
    // those of read_token_file and StsClient::assume_role_with_web_identity.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    std::string token_file_;
    RoleRequest role_;
    NoCredentials nobody_;
    AwsContext context_;
    StsClient sts_;
};

}  // namespace fas::clients
