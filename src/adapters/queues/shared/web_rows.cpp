#include "adapters/queues/shared/web_rows.h"

namespace fas::adapters {

std::optional<Clash> http_clash(const clients::WebAccess& access, bool secrets_over_http,
                                std::string_view user_key, std::string_view url_key) {
    if (access.user.contains(':')) {
        return Clash{std::string{user_key},
                     "a user's name has no colon in HTTP's Basic authentication"};
    }
    if (secrets_over_http || !clients::exposes_secrets(access)) return std::nullopt;
    return Clash{std::string{url_key},
                 "everyone on the way could read the password, token or headers, since it is http: "
                 "use https (ca_file names a private authority), or say secrets_over_http: true"};
}

std::optional<Clash> web_clash(const WebServer& server) {
    const clients::WebAccess& access = server.access;
    if (access.user.empty() != access.password.empty()) {
        return Clash{access.user.empty() ? "user" : "password",
                     "user and password belong together: set both or neither"};
    }
    if (!access.user.empty() && !access.bearer_token.empty()) {
        return Clash{"bearer_token",
                     "there is a user and password already: choose one of the two ways to log in"};
    }
    if (const auto lines = clients::read_header_lines(access.headers.reveal()); !lines) {
        return Clash{"headers", lines.error().message};
    }
    return http_clash(access, server.secrets_over_http, "user", "url");
}

std::string_view web_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::denied: return "check the user and password, or the token";
        case ErrorKind::not_found: return "check url";
        default: return "nothing is scaled until it can be read";
    }
}

}  // namespace fas::adapters
