// HTTP requests and responses, as values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace fas::reactor {

struct HttpHeader {
    std::string name;
    std::string value;
};

// Header names are compared without case.
bool same_header_name(std::string_view a, std::string_view b);

// Which authorities' word a server's certificate is believed on. HttpClientOptions::ca_bundle,
// where set, replaces both.
enum class Trust {
    system,  // the system's bundle
    amazon,  // the five roots of Amazon Trust Services alone, which the program carries
};

struct HttpRequest {
    std::string method = "GET";
    std::string url;  // absolute, percent-encoded; sent as it is written (no dot segments removed)
    // Exactly these are sent, and Host (unless it is one of them) and Content-Length (never one of
    // them); libcurl adds no others. White space around a value is cut.
    std::vector<HttpHeader> headers;
    std::string body;
    Milliseconds connect_timeout{3100};  // name lookup, TCP and TLS together
    Milliseconds total_timeout{0};       // 0: the scope's deadline alone
    std::size_t response_bytes_max = std::size_t{1} << 20U;
    Trust trust = Trust::system;
    // A PEM file of the authorities that this server's certificate is believed on instead; empty:
    // what `trust` and HttpClientOptions::ca_bundle say. It is read once for each client.
    std::string ca_file;
    bool new_connection = false;  // true: not on a kept one; it is kept itself
    bool use_proxy = true;        // false: connect directly whatever the environment says
};

struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers;  // in order of arrival; names as sent
    std::string body;

    // The first header of that name; empty when there is none.
    std::string_view header(std::string_view name) const;
};

}  // namespace fas::reactor
