#include "clients/credentials/environment.h"

namespace fas::clients {

reactor::Task<Result<sigv4::Credentials>> EnvironmentCredentials::get(reactor::Scope) {
    const auto key = environment_("AWS_ACCESS_KEY_ID");
    const auto secret = environment_("AWS_SECRET_ACCESS_KEY");
    if (!key || !secret) {
        co_return Error{.kind = ErrorKind::denied,
                        .message = key || !secret
                                       ? "no AWS credentials: set AWS_ACCESS_KEY_ID and "
                                         "AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for "
                                         "temporary ones)"
                                       : "AWS_SECRET_ACCESS_KEY is set but AWS_ACCESS_KEY_ID is "
                                         "not: set both",
                        .code = "NoCredentials"};
    }
    co_return sigv4::Credentials{*key, Secret{*secret},
                                 Secret{environment_("AWS_SESSION_TOKEN").value_or("")}};
}

}  // namespace fas::clients
