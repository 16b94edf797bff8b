// Rows for a kind whose source is a server that knows its users, and that may have a certificate of
// a private authority. Each is made for the path of its field.
#pragma once

#include "base/plain_text.h"
#include "base/row.h"

namespace fas::adapters {

// One line, in whatever encoding: a key, a user, a password, a path.
inline constexpr Text plain_text{
    {"^[^\\u0000-\\u001f\\u007f]+$", [](std::string_view text) { return is_plain_text(text); }},
    "a text without control characters"};

template <auto... path>
constexpr Row password_row(Need need, std::string_view says = "The user's password.") {
    return {"password", plain_text, field<path...>, says, need, Mark::secret};
}

template <auto... path>
inline constexpr Row ca_file_row{"ca_file",
                                 plain_text,
                                 field<path...>,
                                 "A PEM file with the authorities that the server's certificate is "
                                 "believed on; without one, the "
                                 "system's.",
                                 Need::absent,
                                 Example{"/etc/ssl/internal.pem"}};

}  // namespace fas::adapters
