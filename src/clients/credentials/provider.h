// Where credentials come from. One provider a file.
#pragma once

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "sigv4/credentials.h"

namespace fas::clients {

class CredentialsProvider {
  public:
    virtual ~CredentialsProvider() = default;

    // A snapshot to sign one request with. Errors: denied, with what to set and where.
    virtual reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope scope) = 0;
};

}  // namespace fas::clients
