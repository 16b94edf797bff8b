#include "sigv4/canonical.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/uri_encode.h"
#include "sigv4/concat.h"
#include "sigv4/normalize_path.h"

namespace fas::sigv4 {
namespace {

// Hop-by-hop headers (RFC 9110, section 7.6.1), what libraries and proxies write, tracing, and the
// SDKs' own notes about the attempt.
constexpr std::array<std::string_view, 18> unsigned_headers = {
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
};

bool is_signed(std::string_view lower_case_name) {
    return std::ranges::find(unsigned_headers, lower_case_name) == unsigned_headers.end();
}

// Line breaks count, too: nothing in a value can begin a line of the canonical request.
constexpr bool is_white_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// True for some control characters, too. A minimum without a branch, so that the compiler looks at
// many bytes at a time: session tokens are long.
bool may_hold_white_space(std::string_view text) {
    unsigned char smallest = 0xff;
    for (const char c : text) smallest = std::min(smallest, static_cast<unsigned char>(c));
    return smallest <= ' ';
}

void append_folded(std::string& out, std::string_view value) {
    if (!may_hold_white_space(value)) {
        out += value;
        return;
    }
    bool wrote = false;
    bool gap = false;
    for (const char c : value) {
        if (is_white_space(c)) {
            gap = wrote;
            continue;
        }
        if (gap) out += ' ';
        out += c;
        wrote = true;
        gap = false;
    }
}

// A client that sends "Host: example.com:443" is verified as if it had left the port out. The
// scheme is not known here, but nobody serves HTTP on 443 or HTTPS on 80.
std::string_view without_default_port(std::string_view host) {
    for (const std::string_view port : {":443", ":80"}) {
        if (host.ends_with(port)) return host.substr(0, host.size() - port.size());
    }
    return host;
}

struct Header {
    std::string_view name;  // lower case
    std::string_view value;
};

// One text for all names, to allocate once.
std::string joined_lower_case_names(std::span<const Field> headers) {
    std::size_t size = 0;
    for (const Field& header : headers) size += header.name.size();
    std::string names(size, '\0');
    auto out = names.begin();
    for (const Field& header : headers) {
        out = std::ranges::transform(header.name, out, to_lower).out;
    }
    return names;
}

CanonicalHeaders to_text(std::span<const Header> sorted) {
    std::size_t names_size = 0;
    std::size_t values_size = 0;
    for (const Header& header : sorted) {
        names_size += header.name.size() + 1;
        values_size += header.value.size() + 1;
    }
    CanonicalHeaders text;
    text.names.reserve(names_size);
    text.lines.reserve(names_size + values_size);

    std::string_view previous;
    for (const auto& [name, value] : sorted) {
        if (!text.lines.empty() && name == previous) {
            text.lines.back() = ',';  // in place of the line's end
        } else {
            if (!text.names.empty()) text.names += ';';
            text.names += name;
            text.lines.append(name).append(":");
        }
        append_folded(text.lines, value);
        text.lines += '\n';
        previous = name;
    }
    return text;
}

}  // namespace

std::string canonical_query(std::span<const Field> query) {
    // As pairs: joined to "name=value" first, "a-b=" would come before "a=".
    std::vector<std::pair<std::string, std::string>> parameters;
    parameters.reserve(query.size());
    for (const Field& field : query) {
        parameters.emplace_back(uri_encode(field.name), uri_encode(field.value));
    }
    std::ranges::sort(parameters);

    std::string text;
    for (const auto& [name, value] : parameters) {
        if (!text.empty()) text += '&';
        text.append(name).append("=").append(value);
    }
    return text;
}

CanonicalHeaders canonical_headers(std::span<const Field> request_headers,
                                   std::span<const Field> own) {
    const std::string lower_case_names = joined_lower_case_names(request_headers);
    std::vector<Header> sorted;
    sorted.reserve(request_headers.size() + own.size());
    const auto add = [&sorted](std::string_view name, std::string_view value) {
        if (name == "host") value = without_default_port(value);
        sorted.insert(std::ranges::upper_bound(sorted, name, {}, &Header::name), {name, value});
    };

    std::string_view rest = lower_case_names;
    for (const Field& header : request_headers) {
        const std::string_view name = rest.substr(0, header.name.size());
        rest.remove_prefix(name.size());
        const bool replaced = std::ranges::find(own, name, &Field::name) != own.end();
        if (is_signed(name) && !replaced) add(name, header.value);
    }
    for (const Field& header : own) add(header.name, header.value);
    return to_text(sorted);
}

std::string canonical_request(const Request& request, PathEncoding path_encoding,
                              std::string_view query, const CanonicalHeaders& headers,
                              std::string_view payload_hash) {
    std::string path;
    if (path_encoding == PathEncoding::normalize_and_encode_again) {
        path = uri_encode_path(normalize_path(request.path));
    } else {
        path = request.path.empty() ? "/" : request.path;
    }

    // The empty line is part of the format: each header line ends in '\n', and so does their block.
    return concat(request.method, "\n", path, "\n", query, "\n", headers.lines, "\n", headers.names,
                  "\n", payload_hash);
}

}  // namespace fas::sigv4
