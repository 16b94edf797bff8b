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

struct HttpRequest {
    std::string method = "GET";
    std::string url;  // absolute, percent-encoded; sent as it is written (no dot segments removed)
    std::vector<HttpHeader> headers;  // exactly these, and Content-Length; libcurl adds none
    std::string body;
    Milliseconds connect_timeout{3100};  // TCP and TLS together
    Milliseconds total_timeout{0};       // 0: the scope's deadline alone
    std::size_t response_bytes_max = std::size_t{1} << 20U;
    bool use_proxy = true;  // false: connect directly whatever the environment says
};

struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers;  // in order of arrival; names as sent
    std::string body;

    // The first header of that name, compared without case; empty when there is none.
    std::string_view header(std::string_view name) const;
};

}  // namespace fas::reactor
