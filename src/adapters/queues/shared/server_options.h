// Rows for the table of a kind whose source is a server that knows its users, and that may have a
// certificate of a private authority.
#pragma once

#include "base/option.h"
#include "base/plain_text.h"

namespace fas::adapters {

// One line, in whatever encoding: a key, a user, a password, a path.
inline constexpr TextType plain_text{
    .accepted = "a text without control characters",
    .pattern = "^[^\\u0000-\\u001f\\u007f]+$",
    .valid = [](std::string_view text) { return is_plain_text(text); }};

constexpr Option password_option(const char* variable,
                                 std::string_view description = "The user's password.") {
    return {.key = "password",
            .variable = variable,
            .description = description,
            .type = plain_text,
            .secret = true};
}
constexpr Option ca_file_option(const char* variable) {
    return {.key = "ca_file",
            .variable = variable,
            .description =
                "A PEM file with the authorities that the server's certificate is "
                "believed on; without one, the system's.",
            .type = plain_text};
}

constexpr Option required(Option option) {
    option.required = true;
    return option;
}

}  // namespace fas::adapters
