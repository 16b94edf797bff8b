// Keys from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which is also where a
// Lambda function finds its role's. AWS_CREDENTIAL_EXPIRATION says when they end, as `aws configure
// export-credentials --format env` prints it and botocore reads it.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
#pragma once

#include "base/clock.h"
#include "base/environment.h"
#include "clients/aws/credentials/source.h"

namespace fas::clients {

class EnvironmentSource final : public CredentialsSource {
  public:
    // The clock must outlive it.
    EnvironmentSource(Environment environment, const Clock& clock)
        : environment_(std::move(environment)), clock_(clock) {}

    // Errors: denied "NotConfigured" without either key, denied "PartialCredentials" with one of
    // the two, denied "ExpiredCredentials" for those that have ended, and denied "BadExpiration".
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    Result<std::optional<TimePoint>> end_of_keys() const;

    Environment environment_;
    const Clock& clock_;
};

}  // namespace fas::clients
