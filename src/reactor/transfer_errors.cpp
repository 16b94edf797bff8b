// What can go wrong with a request, in words: before it is sent, and by libcurl's code.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include "reactor/transfer.h"

namespace fas::reactor {

namespace {

Error make(ErrorKind kind, std::string_view code, std::string message) {
    Error error;
    error.kind = kind;
    error.code = code;
    error.message = std::move(message);
    return error;
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").contains(c);
    };
    return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool is_header_value(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return is_control(c) && c != '\t'; });
}

// The system's word for what happened, in lower case; empty when libcurl knows of none.
std::string system_cause(CURL* easy) {
    long number = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
    if (number == 0) return {};
    std::string text = std::generic_category().message(static_cast<int>(number));
    if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z') {
        text.front() = static_cast<char>(text.front() + ('a' - 'A'));
    }
    return ": " + text;
}

// libcurl's words for what a socket or OpenSSL reported. To be used for such failures only: they
// hold nothing of the request but the host's name.
std::string curl_cause(std::string_view curl_message) {
    return curl_message.empty() ? std::string() : fmt::format(": {}", curl_message);
}

}  // namespace

Result<void> check_request(const HttpRequest& request) {
    const auto bad = [](std::string message) {
        return make(ErrorKind::invalid, "BadRequest", std::move(message));
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
        default: limit = fmt::format("more than {} bytes", request_->response_bytes_max); break;
    }
    return make(ErrorKind::invalid, "ResponseTooLarge",
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
        return make(ErrorKind::retryable, code, std::move(message));
    };
    if (bad_trust_) {
        return make(ErrorKind::invalid, bad_trust_->code,
                    fmt::format("cannot verify {}: {}", host, bad_trust_->message));
    }
    if (was_stale()) {
        return retryable("StaleConnection",
                         fmt::format("a kept connection to {} was closed before an answer; whether "
                                     "the request arrived is not known",
                                     host));
    }
    switch (code_) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return retryable("ResolveFailed", fmt::format("cannot resolve the name of {}", host));
        case CURLE_COULDNT_RESOLVE_PROXY:
            return retryable("ResolveFailed",
                             fmt::format("cannot resolve the name of the proxy for {}", host));
        case CURLE_COULDNT_CONNECT:
            return retryable("ConnectFailed",
                             fmt::format("cannot connect to {}{}", host, system_cause(easy_)));
        case CURLE_PROXY:
            return retryable("ConnectFailed",
                             fmt::format("the proxy does not connect to {}", host));
        case CURLE_OPERATION_TIMEDOUT:  // only the connect timeout is left to libcurl
            return retryable("ConnectTimeout", fmt::format("no connection to {} within {} ms", host,
                                                           request_->connect_timeout.count()));
        case CURLE_OK:  // libcurl takes an end within the headers for the end of the answer
        case CURLE_PARTIAL_FILE:
            return retryable("ConnectionLost",
                             fmt::format("connection to {} lost: closed within the answer", host));
        case CURLE_GOT_NOTHING:
            return retryable("ConnectionLost",
                             fmt::format("connection to {} lost: closed without an answer", host));
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return retryable("ConnectionLost", fmt::format("connection to {} lost{}", host,
                                                           curl_cause(curl_message_.data())));
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return make(ErrorKind::denied, "CertificateNotTrusted",
                        fmt::format("the certificate of {} is not trusted{}", host,
                                    curl_cause(curl_message_.data())));
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_SHUTDOWN_FAILED:
            return retryable("TlsFailed", fmt::format("the TLS handshake with {} failed{}", host,
                                                      curl_cause(curl_message_.data())));
        case CURLE_URL_MALFORMAT:
            return make(ErrorKind::invalid, "BadUrl",
                        fmt::format("the request's URL for {} is not acceptable", host));
        case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9: the answer has no status line
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING:
            return make(ErrorKind::invalid, "MalformedResponse",
                        fmt::format("the answer of {} is not valid HTTP/1.1", host));
        default:
            return retryable("TransferFailed", fmt::format("the exchange with {} failed: {}", host,
                                                           curl_easy_strerror(code_)));
    }
}

}  // namespace fas::reactor
