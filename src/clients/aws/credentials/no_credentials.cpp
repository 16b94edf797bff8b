#include "clients/aws/credentials/no_credentials.h"

namespace fas::clients {

// Not in the header: g++ 12 emits an inline coroutine's parts differently in each file that has
// it, and a static link then fails.
reactor::Task<Result<sigv4::Credentials>> NoCredentials::get(reactor::Scope) {
    co_return Error{.kind = ErrorKind::bug,
                    .message = "a call that was to be anonymous asked for credentials",
                    .code = "NoCredentials"};
}

}  // namespace fas::clients
