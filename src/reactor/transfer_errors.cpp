// What can go wrong with a request, in words: before it is sent, and by libcurl's code.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "reactor/curl_connecting.h"
#include "reactor/transfer.h"

namespace fas::reactor {

namespace {

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && is_alphanumeric_or("!#$%&'*+-.^_`|~", text);
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool is_header_value(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return is_control(c) && c != '\t'; });
}

}  // namespace

Result<void> check_request(const HttpRequest& request) {
    const auto bad = [](std::string message) {
        return make_error(ErrorKind::invalid, "BadRequest", std::move(message));
    };
    if (!is_token(request.method)) return bad("the request's method is not an HTTP method");
    for (const HttpHeader& header : request.headers) {
        if (!is_token(header.name)) return bad("the request has a header with an invalid name");
        if (!is_header_value(header.value)) {
            return bad(fmt::format("the value of the request's header {} holds a control character",
                                   header.name));
        }
        if (same_header_name(header.name, "Content-Length") ||
            same_header_name(header.name, "Transfer-Encoding")) {
            return bad(fmt::format("{} is not the caller's to set", header.name));
        }
    }
    return {};
}

Error Transfer::describe_refusal(const Origin& origin) const {
    std::string limit;
    switch (refused_) {
        case Refused::header_size: limit = "too many bytes of headers"; break;
        case Refused::header_count: limit = "too many headers"; break;
        case Refused::nothing_but_framing: limit = "an endless chunk that brings nothing"; break;
        default: limit = fmt::format("more than {} bytes", request_->response_bytes_max); break;
    }
    return make_error(ErrorKind::invalid, "ResponseTooLarge",
                      fmt::format("the answer of {} has {}", origin.name, limit));
}

// Whether a kept connection was closed before any answer: what libcurl then reports is either that,
// or what became of its attempt to send the request once more.
bool Transfer::was_stale() const {
    if (!kept_ || header_bytes_ > 0) return false;
    switch (code_) {
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_ABORTED_BY_CALLBACK:
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_OPERATION_TIMEDOUT: return true;
        default: return false;
    }
}

Error Transfer::describe_failure(const Origin& origin) const {
    const std::string& host = origin.name;
    const auto retryable = [](std::string_view code, std::string message) {
        return make_error(ErrorKind::retryable, code, std::move(message));
    };
    if (bad_trust_) {
        return make_error(ErrorKind::invalid, bad_trust_->code,
                          fmt::format("cannot verify {}: {}", host, bad_trust_->message));
    }
    if (was_stale()) {
        return retryable("StaleConnection",
                         fmt::format("a kept connection to {} was closed before an answer; whether "
                                     "the request arrived is not known",
                                     host));
    }
    switch (code_) {
        case CURLE_COULDNT_RESOLVE_PROXY:
            return retryable("ResolveFailed",
                             fmt::format("cannot resolve the name of the proxy for {}", host));
        case CURLE_PROXY:
            return retryable("ConnectFailed",
                             fmt::format("the proxy does not connect to {}", host));
        case CURLE_OK:  // libcurl takes an end within the headers for the end of the answer
        case CURLE_PARTIAL_FILE:
            return retryable("ConnectionLost",
                             fmt::format("connection to {} lost: closed within the answer", host));
        case CURLE_GOT_NOTHING:
            return retryable("ConnectionLost",
                             fmt::format("connection to {} lost: closed without an answer", host));
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR: return describe_lost(host, curl_message_.data());
        case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9: the answer has no status line
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
            return make_error(ErrorKind::invalid, "MalformedResponse",
                              fmt::format("the answer of {} is not valid HTTP/1.1", host));
        default:
            return describe_connect_failure(easy_, code_, host, request_->connect_timeout,
                                            curl_message_.data());
    }
}

}  // namespace fas::reactor
