#include "clients/aws/credentials/environment.h"

#include <fmt/format.h>

namespace fas::clients {

reactor::Task<Result<FetchedCredentials>> EnvironmentSource::fetch(reactor::Scope) {
    const auto key = environment_("AWS_ACCESS_KEY_ID");
    const auto secret = environment_("AWS_SECRET_ACCESS_KEY");
    if (!key && !secret) {
        co_return Error{.kind = ErrorKind::denied,
                        .message =
                            "no keys in the environment (AWS_ACCESS_KEY_ID, "
                            "AWS_SECRET_ACCESS_KEY)",
                        .code = "NotConfigured"};
    }
    if (!key || !secret) {
        const std::string_view set = key ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
        const std::string_view missing = key ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID";
        co_return Error{
            .kind = ErrorKind::denied,
            .message = fmt::format("{} is set but {} is not: set both or neither", set, missing),
            .code = "PartialCredentials"};
    }
    FetchedCredentials fetched;
    fetched.keys.access_key_id = *key;
    fetched.keys.secret_access_key = Secret{*secret};
    auto token = environment_("AWS_SECURITY_TOKEN");  // its older name
    if (!token) token = environment_("AWS_SESSION_TOKEN");
    fetched.keys.session_token = Secret{token.value_or("")};
    co_return fetched;
}

}  // namespace fas::clients
