// For a client whose calls are all anonymous: what they prove who they are with is in the request.
#pragma once

#include "clients/aws/credentials/provider.h"

namespace fas::clients {

class NoCredentials final : public CredentialsProvider {
  public:
    // Errors: always bug, "NoCredentials".
    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope scope) override;
    void refused(const sigv4::Credentials&) override {}
};

}  // namespace fas::clients
