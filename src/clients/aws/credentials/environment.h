// Keys from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which is also where a
// Lambda function finds its role's.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
#pragma once

#include "base/environment.h"
#include "clients/aws/credentials/source.h"

namespace fas::clients {

class EnvironmentSource final : public CredentialsSource {
  public:
    explicit EnvironmentSource(Environment environment) : environment_(std::move(environment)) {}

    // Errors: denied "NotConfigured" without either key, denied "PartialCredentials" with one of
    // the two.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    Environment environment_;
};

}  // namespace fas::clients
