#include "base/origin.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/parse_number.h"

namespace fas {

namespace {

// RFC 1035 allows 253 bytes of name; a URL of this length is beyond what AWS accepts.
constexpr std::size_t host_bytes_max = 255;
constexpr std::size_t url_bytes_max = 16384;

Error bad_url(std::string_view why) {
    return make_error(ErrorKind::invalid, "BadUrl",
                      fmt::format("the request's URL is not acceptable: {}", why));
}

bool is_visible(char c) { return c > ' ' && c <= '~'; }

bool take_prefix(std::string_view& text, std::string_view prefix) {
    const auto same = [](char a, char b) { return to_lower(a) == b; };
    if (!std::ranges::equal(text.substr(0, prefix.size()), prefix, same)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// Takes the host from the front of an authority; what is left is empty or ":port".
std::optional<std::string> take_host(std::string_view& authority) {
    const bool bracketed = authority.starts_with('[');
    const std::size_t end = bracketed ? authority.find(']') + 1 : authority.find(':');
    const std::string_view host = authority.substr(0, end);
    const auto allowed = [bracketed](char c) {
        return is_alphanumeric(c) || c == '.' || (bracketed ? c == ':' : c == '-' || c == '_');
    };
    const std::string_view inner =
        bracketed && host.size() > 2 ? host.substr(1, host.size() - 2) : host;
    if (inner.empty() || host.size() > host_bytes_max || !std::ranges::all_of(inner, allowed)) {
        return std::nullopt;
    }
    std::string name = lower_case(host);
    authority.remove_prefix(host.size());
    return name;
}

std::optional<unsigned> parse_port(std::string_view text) {
    const auto port = parse_number<unsigned>(text);
    return port && *port > 0 && *port <= 65535 ? port : std::nullopt;
}

}  // namespace

Result<Origin> parse_origin(std::string_view url) {
    if (url.size() > url_bytes_max) return bad_url("too long");
    if (!std::ranges::all_of(url, is_visible)) {
        return bad_url("spaces, control and non-ASCII bytes must be percent-encoded");
    }
    std::string_view rest = url;
    const bool tls = take_prefix(rest, "https://");
    if (!tls && !take_prefix(rest, "http://")) return bad_url("neither https:// nor http://");
    if (rest.contains('#')) return bad_url("a fragment cannot be sent");

    std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.contains('@')) return bad_url("a user name or password is in it");
    std::optional<std::string> host = take_host(authority);
    if (!host) return bad_url("no valid host name");

    unsigned port = tls ? 443 : 80;
    if (!authority.empty()) {
        const std::optional<unsigned> given =
            authority.starts_with(':') ? parse_port(authority.substr(1)) : std::nullopt;
        if (!given) return bad_url("no valid port");
        port = *given;
    }
    return Origin{fmt::format("{}:{}", *host, port), tls};
}

}  // namespace fas
