#include "adapters/queues/shared/web_options.h"

namespace fas::adapters {

bool is_header_text(std::string_view text) { return !text.empty() && text.size() <= 8192; }

clients::WebAccess web_access(const Options& options) {
    return {.url = options.text("url"),
            .user = options.text("user"),
            .password = Secret{options.text("password")},
            .bearer_token = Secret{options.text("bearer_token")},
            .headers = Secret{options.text("headers")},
            .ca_file = options.text("ca_file")};
}

std::optional<OptionProblem> http_problem(const clients::WebAccess& access, const Options& options,
                                          std::string_view user_key, std::string_view url_key) {
    if (access.user.contains(':')) {
        return OptionProblem{user_key, "a user's name has no colon in HTTP's Basic authentication"};
    }
    if (!clients::exposes_secrets(access) || options.flag("secrets_over_http")) return std::nullopt;
    return OptionProblem{url_key,
                         "everyone on the way could read the password, token or headers, since it "
                         "is http: use https (ca_file names a private authority), or say "
                         "secrets_over_http: true"};
}

std::optional<OptionProblem> web_access_problem(const Options& options, std::string_view) {
    const clients::WebAccess access = web_access(options);
    if (access.user.empty() != access.password.empty()) {
        const bool no_user = access.user.empty();
        return OptionProblem{no_user ? "user" : "password",
                             "user and password belong together: set both or neither"};
    }
    if (!access.user.empty() && !access.bearer_token.empty()) {
        return OptionProblem{
            "bearer_token",
            "there is a user and password already: choose one of the two ways to log in"};
    }
    if (const auto lines = clients::read_header_lines(access.headers.reveal()); !lines) {
        return OptionProblem{"headers", lines.error().message};
    }
    return http_problem(access, options, "user", "url");
}

std::string_view web_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::denied: return "check the user and password, or the token";
        case ErrorKind::not_found: return "check url";
        default: return "nothing is scaled until it can be read";
    }
}

}  // namespace fas::adapters
