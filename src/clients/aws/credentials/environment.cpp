#include "clients/aws/credentials/environment.h"

#include <fmt/format.h>

namespace fas::clients {

Result<std::optional<TimePoint>> EnvironmentSource::end_of_keys() const {
    const auto text = environment_("AWS_CREDENTIAL_EXPIRATION");
    if (!text || text->empty()) return std::optional<TimePoint>{};
    const auto end = parse_iso8601(*text);
    if (!end) {
        return Error{.kind = ErrorKind::denied,
                     .message =
                         "AWS_CREDENTIAL_EXPIRATION is no time like 2026-12-01T12:00:00Z: "
                         "set it to when the keys of the environment end, or unset it",
                     .code = "BadExpiration"};
    }
    if (*end <= clock_.now()) {
        return Error{.kind = ErrorKind::denied,
                     .message = fmt::format(
                         "the keys of the environment ended at {} (AWS_CREDENTIAL_EXPIRATION): set "
                         "new ones and start the program anew, or unset them for the next place",
                         to_iso8601(*end)),
                     .code = "ExpiredCredentials"};
    }
    return end;
}

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
    const auto end = end_of_keys();
    if (!end) co_return end.error();
    FetchedCredentials fetched;
    fetched.expires = *end;
    fetched.keys.access_key_id = *key;
    fetched.keys.secret_access_key = Secret{*secret};
    auto token = environment_("AWS_SECURITY_TOKEN");  // its older name
    if (!token) token = environment_("AWS_SESSION_TOKEN");
    fetched.keys.session_token = Secret{token.value_or("")};
    co_return fetched;
}

}  // namespace fas::clients
