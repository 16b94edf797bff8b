#include "clients/brokers/web_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/base64.h"
#include "base/excerpt.h"
#include "base/loopback.h"
#include "base/origin.h"
#include "base/take.h"
#include "base/trim.h"

namespace fas::clients {

namespace {

constexpr std::size_t headers_max = 32;
constexpr std::size_t place_bytes_max = 200;

bool is_visible(char c) { return c > ' ' && c <= '~'; }

// RFC 9110, section 5.6.2, by what people write: no more is needed.
bool is_header_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_visible(c) &&
               std::string_view{"\"(),/:;<=>?@[\\]{}"}.find(c) == std::string_view::npos;
    });
}

Error bad_header(std::size_t line, std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("line {} of the headers is not usable: {}; write each header on "
                                   "a line of its own, like \"X-Api-Key: value\"",
                                   line, why),
            .code = "BadHeader"};
}

// What HTTP and libcurl say themselves, and what would make two requests of one.
bool is_not_the_callers(std::string_view name) {
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"Content-Length", "Transfer-Encoding", "Host",
                                                "Connection"},
        [name](std::string_view own) { return reactor::same_header_name(own, name); });
}

Result<std::vector<reactor::HttpHeader>> own_headers(const WebAccess& access) {
    auto headers = read_header_lines(access.headers.reveal());
    if (!headers) return headers.error();
    if (!access.bearer_token.empty()) {
        headers->push_back({"Authorization", "Bearer " + access.bearer_token.reveal()});
    } else if (!access.user.empty() || !access.password.empty()) {
        const std::string pair = fmt::format("{}:{}", access.user, access.password.reveal());
        headers->push_back({"Authorization", "Basic " + base64(pair)});
    }
    headers->push_back({"User-Agent", "fast-autoscaler"});
    if (std::ranges::none_of(*headers, [](const reactor::HttpHeader& header) {
            return reactor::same_header_name(header.name, "Accept-Encoding");
        })) {
        headers->push_back({"Accept-Encoding", "identity"});
    }
    return headers;
}

std::string_view meaning_of_status(int status) {
    switch (status) {
        case 400: return " (bad request)";
        case 401: return " (it wants a user and password, a token, or other ones)";
        case 403: return " (not allowed)";
        case 404: return " (it has nothing there)";
        case 407: return " (the proxy wants a password)";
        case 429: return " (too many requests)";
        case 502:
        case 503:
        case 504: return " (unavailable)";
        default: return "";
    }
}

// A place may hold a query, and a query a secret.
Error error_of(const std::string& name, const reactor::HttpResponse& response) {
    const bool redirected = response.status >= 300 && response.status < 400;
    const std::string_view place = response.header("Location");
    if (redirected && !place.empty()) {
        return {.kind = ErrorKind::invalid,
                .message =
                    fmt::format("{} redirects to {}, which is not followed; name the right address",
                                name, excerpt(place.substr(0, place.find('?')), place_bytes_max)),
                .code = "Redirected",
                .http_status = response.status};
    }
    return {.kind = kind_of_status(response.status),
            .message = fmt::format("{} answers with HTTP {}{}", name, response.status,
                                   meaning_of_status(response.status)),
            .code = fmt::format("HTTP{}", response.status),
            .http_status = response.status};
}

// An address may be written with the beginning of what is appended to it, or all of that:
// "https://host/api/v1/query".
std::string appended(std::string url, std::string_view target) {
    while (url.ends_with('/')) url.pop_back();
    for (std::size_t end = target.size(); end > 0; end = target.rfind('/', end - 1)) {
        if (!url.ends_with(target.substr(0, end))) continue;
        target.remove_prefix(end);
        break;
    }
    return url.append(target);
}

bool wanted(const WebRequest& request, const reactor::HttpResponse& response) {
    return (response.status >= 200 && response.status < 300) ||
           (request.readable != nullptr && request.readable(response));
}

}  // namespace

ErrorKind kind_of_status(int status) {
    switch (status) {
        case 401:
        case 403: return ErrorKind::denied;
        case 404:
        case 410: return ErrorKind::not_found;
        case 408: return ErrorKind::retryable;
        case 429: return ErrorKind::throttled;
        default: return status >= 500 ? ErrorKind::retryable : ErrorKind::invalid;
    }
}

Result<std::vector<reactor::HttpHeader>> read_header_lines(std::string_view text) {
    std::vector<reactor::HttpHeader> headers;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = trim(take_until(text, '\n'), " \t\r");
        if (line.empty()) continue;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return bad_header(number, "it has no colon");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trim(line.substr(colon + 1), " \t");
        if (!is_header_name(name))
            return bad_header(number, "what is before the colon is not a name");
        if (is_not_the_callers(name)) return bad_header(number, "it is not the caller's to set");
        if (std::ranges::any_of(value, [](char c) { return !is_visible(c) && c != ' '; })) {
            return bad_header(number, "its value holds a character that is not plain ASCII");
        }
        if (headers.size() == headers_max) return bad_header(number, "there are more than 32");
        headers.push_back({std::string{name}, std::string{value}});
    }
    return headers;
}

bool exposes_secrets(const WebAccess& access) {
    constexpr std::string_view plain = "http://";
    if (!access.has_secrets() || !access.url.starts_with(plain)) return false;
    const std::string_view rest = std::string_view{access.url}.substr(plain.size());
    return !is_loopback(rest.substr(0, rest.find_first_of("/?")));
}

WebEndpoint::WebEndpoint(reactor::HttpClient& http, WebAccess access)
    : http_(http), access_(std::move(access)), headers_(own_headers(access_)) {
    const auto origin = parse_origin(access_.url);
    name_ = origin ? origin->name : "the server";
}

reactor::HttpRequest WebEndpoint::http_request(WebRequest& request) const {
    reactor::HttpRequest http;
    http.method = std::move(request.method);
    http.url = access_.url;
    if (!request.target.empty()) http.url = appended(std::move(http.url), request.target);
    http.headers = *headers_;
    std::ranges::move(request.headers, std::back_inserter(http.headers));
    http.body = std::move(request.body);
    http.response_bytes_max = request.response_bytes_max;
    http.ca_file = access_.ca_file;
    return http;
}

reactor::Task<Result<reactor::HttpResponse>> WebEndpoint::send(WebRequest request,
                                                               reactor::Scope scope) {
    if (!headers_) co_return headers_.error();
    const SteadyTime end = reactor::now() + request.limit;
    const reactor::HttpRequest http = http_request(request);
    for (bool new_connection = false;; new_connection = true) {
        reactor::HttpRequest attempt = http;
        attempt.new_connection = new_connection;
        attempt.total_timeout =
            std::max(Milliseconds{1}, std::chrono::ceil<Milliseconds>(end - reactor::now()));
        auto response = co_await http_.send(std::move(attempt), scope);
        if (!response && response.error().code == "StaleConnection" && !new_connection) continue;
        if (!response) {
            Error error = std::move(response.error());
            if (error.code == "CertificateNotTrusted" && access_.ca_file.empty()) {
                error.message += "; ca_file names a file of authorities to believe for it";
            }
            co_return error;
        }
        if (!wanted(request, *response)) co_return error_of(name_, *response);
        co_return response;
    }
}

}  // namespace fas::clients
