// Credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which is also
// where a Lambda function finds its role's.
#pragma once

#include "base/environment.h"
#include "clients/credentials/provider.h"

namespace fas::clients {

class EnvironmentCredentials final : public CredentialsProvider {
  public:
    explicit EnvironmentCredentials(Environment environment)
        : environment_(std::move(environment)) {}

    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope scope) override;

  private:
    Environment environment_;
};

}  // namespace fas::clients
