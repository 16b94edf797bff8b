// One place where credentials can be fetched. One source a file, beside this one; their order is in
// default_chain.h, and keeping them fresh is refreshing.h's job.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "sigv4/credentials.h"

namespace fas::clients {

struct FetchedCredentials {
    sigv4::Credentials keys;
    std::optional<TimePoint> expires;  // nothing: they last until a service refuses them
};

class CredentialsSource {
  public:
    virtual ~CredentialsSource() = default;

    // Fetches anew each time; remembers no keys. One fetch at a time. Errors: denied
    // "NotConfigured" (nobody set this source up: the next may be asked), any other when it was set
    // up and failed. A message says which source, what it looked at and what to do, and never holds
    // a secret.
    virtual reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) = 0;

    // Whether what the last fetch() read is another by now, as far as can be seen without waiting.
    // Keys in a file have no end of their own: whoever replaces them tells nobody.
    virtual bool changed() const { return false; }
};

}  // namespace fas::clients
