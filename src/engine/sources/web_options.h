// What the kinds that ask a web server have in common: the options that say where it is, and how it
// knows us. A kind's table has those of these keys that apply to it:
//
//     url, user, password, bearer_token, headers, ca_file, secrets_over_http
#pragma once

#include <optional>
#include <string_view>

#include "base/option.h"
#include "base/plain_text.h"
#include "clients/web_endpoint.h"

namespace fas::engine {

constexpr TextType web_text_type{
    .accepted = "at most 1024 bytes without control characters",
    .pattern = "^[^\\x00-\\x1f\\x7f]{1,1024}$",
    .valid = [](std::string_view text) { return is_plain_text(text, 1024); }};
bool is_header_text(std::string_view text);

// Rows for a kind's table, each with the variable that the kind gives it.
constexpr Option web_user_option(const char* variable) {
    return {.key = "user",
            .variable = variable,
            .description = "The user for HTTP's Basic authentication.",
            .type = web_text_type};
}
constexpr Option web_password_option(const char* variable) {
    return {.key = "password",
            .variable = variable,
            .description = "The user's password.",
            .type = web_text_type,
            .secret = true};
}
constexpr Option web_token_option(const char* variable) {
    return {.key = "bearer_token",
            .variable = variable,
            .description = "A token to be known by, in place of a user and password.",
            .type = web_text_type,
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
constexpr Option web_secrets_over_http_option(const char* variable) {
    return {.key = "secrets_over_http",
            .variable = variable,
            .description =
                "Send the password, token or headers over plain http, which everyone on "
                "the way can read, to a host that is not this machine.",
            .type = BooleanType{},
            .default_value = false};
}

clients::WebAccess web_access(const Options& options);

// What is wrong with them together: half of a user and password, two ways to be known, a header
// that is none, secrets that would be sent over a network in the clear.
std::optional<OptionProblem> web_access_problem(const Options& options);

// For a source's errors: what to do about one, where the server said it.
std::string_view web_advice(ErrorKind kind);

}  // namespace fas::engine
