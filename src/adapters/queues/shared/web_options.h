// What the kinds that ask a web server have in common: the options that say where it is, and how it
// knows us. Where a kind's table has all of these keys, web_access() reads them:
//
//     url, user, password, bearer_token, headers, ca_file, secrets_over_http
#pragma once

#include <optional>
#include <string_view>

#include "adapters/queues/shared/server_options.h"
#include "base/option.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

bool is_header_text(std::string_view text);

// Rows for a kind's table, each with the variable that the kind gives it.
constexpr Option web_user_option(const char* variable) {
    return {.key = "user",
            .variable = variable,
            .description = "The user for HTTP's Basic authentication.",
            .type = plain_text};
}
constexpr Option web_token_option(const char* variable) {
    return {.key = "bearer_token",
            .variable = variable,
            .description = "A token to be known by, in place of a user and password.",
            .type = plain_text,
            .secret = true};
}
constexpr Option web_headers_option(const char* variable) {
    return {.key = "headers",
            .variable = variable,
            .description = "Headers to send, one a line: \"X-Scope-OrgID: tenant\".",
            .type = TextType{.accepted = "header lines of at most 8192 bytes",
                             .pattern = "^[\\s\\S]{1,8192}$",
                             .valid = is_header_text},
            .secret = true};
}
constexpr Option secrets_over_http_option(const char* variable) {
    return {.key = "secrets_over_http",
            .variable = variable,
            .description =
                "Send the password, token or headers over plain http, which everyone on "
                "the way can read, to a host that is not this machine.",
            .type = BooleanType{},
            .default_value = false};
}

clients::WebAccess web_access(const Options& options);

// What is wrong with a user's name, and with secrets that would be sent over a network in the clear
// though secrets_over_http does not say so. The keys are of the options they come from.
std::optional<OptionProblem> http_problem(const clients::WebAccess& access, const Options& options,
                                          std::string_view user_key, std::string_view url_key);

// What is wrong with the options together: that, half of a user and password, two ways to be known,
// a header that is none. Whatever the region: a QueueKind's problem().
std::optional<OptionProblem> web_access_problem(const Options& options, std::string_view region);

// For a source's errors: what to do about one, where the server said it.
std::string_view web_advice(ErrorKind kind);

}  // namespace fas::adapters
