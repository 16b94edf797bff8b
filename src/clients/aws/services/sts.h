// AWS STS: temporary credentials of a role.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
#pragma once

#include <chrono>
#include <string>

#include "clients/aws/client.h"
#include "clients/aws/credentials/source.h"

namespace fas::clients {

struct RoleRequest {
    std::string role_arn;
    std::string session_name;          // in CloudTrail; empty: "fast-autoscaler-" and the time
    std::string external_id;           // empty: none
    std::chrono::seconds duration{0};  // 0: STS's own default of an hour
};

// The keys that `operation` ("AssumeRole") answered with. Errors: invalid "UnusableAnswer".
Result<FetchedCredentials> read_role_keys(const reactor::HttpResponse& response,
                                          std::string_view operation);

class StsClient {
  public:
    explicit StsClient(AwsContext& context);

    // Signed with the context's credentials. Errors name the role: denied (may not assume it),
    // invalid "UnusableAnswer" (an answer without keys), and those of AwsClient::send.
    reactor::Task<Result<FetchedCredentials>> assume_role(RoleRequest request,
                                                          reactor::Scope scope);

    // Not signed: the token is the proof. Errors as above.
    reactor::Task<Result<FetchedCredentials>> assume_role_with_web_identity(RoleRequest request,
                                                                            Secret token,
                                                                            reactor::Scope scope);

  private:
    std::vector<sigv4::Field> parameters(const RoleRequest& request) const;

    AwsClient client_;
    const Clock& clock_;
};

}  // namespace fas::clients
