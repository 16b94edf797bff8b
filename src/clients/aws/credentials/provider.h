// What a client signs with. Implemented by refreshing.h; a port, so that clients can be tested and
// used with keys from elsewhere.
#pragma once

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "sigv4/credentials.h"

namespace fas::clients {

class CredentialsProvider {
  public:
    virtual ~CredentialsProvider() = default;

    // A snapshot to sign one request with. Errors: denied, with what to set and where, and those of
    // the source.
    virtual reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope scope) = 0;

    // A service said that `keys` have expired or are not valid any more: the next get() fetches new
    // ones, unless the provider has others already.
    virtual void refused(const sigv4::Credentials& keys) = 0;
};

}  // namespace fas::clients
