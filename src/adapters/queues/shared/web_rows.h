// What the kinds that ask a web server have in common: where it is, how it knows us, and the rows
// that say so.
#pragma once

#include <optional>
#include <string_view>

#include "adapters/queues/shared/server_rows.h"
#include "base/row.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

struct WebServer {
    clients::WebAccess access;
    bool secrets_over_http = false;
};

inline constexpr Text header_lines{{Grammar::any, 1, 8192}, "header lines of at most 8192 bytes"};

template <auto... flag>
inline constexpr Row secrets_over_http_row{
    "secrets_over_http", Flag{}, field<flag...>,
    "Send the password, token or headers over plain http, which everyone on the way can read, to a "
    "host that is not this machine."};

// All but the URL's, of the WebServer at the end of that path.
template <auto... server>
inline constexpr std::array web_rows{
    Row{"user", plain_text, field<server..., &WebServer::access, &clients::WebAccess::user>,
        "The user for HTTP's Basic authentication.", Need::absent, Example{"autoscaler"}},
    password_row<server..., &WebServer::access, &clients::WebAccess::password>(Need::absent),
    Row{"bearer_token", plain_text,
        field<server..., &WebServer::access, &clients::WebAccess::bearer_token>,
        "A token to be known by, in place of a user and password.", Need::absent, Mark::secret},
    Row{"headers", header_lines, field<server..., &WebServer::access, &clients::WebAccess::headers>,
        "Headers to send, one a line: \"X-Scope-OrgID: tenant\".", Need::absent, Mark::secret},
    ca_file_row<server..., &WebServer::access, &clients::WebAccess::ca_file>,
    secrets_over_http_row<server..., &WebServer::secrets_over_http>,
};

// What is wrong with a user's name, and with secrets that would be sent over a network in the clear
// though secrets_over_http does not say so. The keys are of the options they come from.
std::optional<Clash> http_clash(const clients::WebAccess& access, bool secrets_over_http,
                                std::string_view user_key, std::string_view url_key);

// That, half of a user and password, two ways to be known, a header that is none.
std::optional<Clash> web_clash(const WebServer& server);

// The same as the check of a kind, whose options have the server as their member of that name.
template <class Struct>
std::optional<Clash> web_clash(const Struct& options) {
    return web_clash(options.server);
}

// For a source's errors: what to do about one, where the server said it.
std::string_view web_advice(ErrorKind kind);

}  // namespace fas::adapters
