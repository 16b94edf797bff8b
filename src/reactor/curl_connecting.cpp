#include "reactor/curl_connecting.h"

#include <fmt/format.h>

#include <cassert>
#include <system_error>
#include <utility>

namespace fas::reactor {

namespace {

Error retryable(std::string_view code, std::string message) {
    return make_error(ErrorKind::retryable, code, std::move(message));
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

void verify_servers(CURL* easy) {
    const auto set = [easy](CURLoption option, auto value) {
        [[maybe_unused]] const CURLcode code = curl_easy_setopt(easy, option, value);
        assert(code == CURLE_OK);
    };
    constexpr const char* none = nullptr;
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CAINFO, none);
    set(CURLOPT_CAPATH, none);
}

Error describe_connect_failure(CURL* easy, CURLcode code, const std::string& host,
                               Milliseconds connect_timeout, std::string_view curl_message) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return retryable("ResolveFailed", fmt::format("cannot resolve the name of {}", host));
        case CURLE_COULDNT_CONNECT:
            return retryable("ConnectFailed",
                             fmt::format("cannot connect to {}{}", host, system_cause(easy)));
        case CURLE_OPERATION_TIMEDOUT:  // only the connect timeout is left to libcurl
            return retryable("ConnectTimeout", fmt::format("no connection to {} within {} ms", host,
                                                           connect_timeout.count()));
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return make_error(ErrorKind::denied, "CertificateNotTrusted",
                              fmt::format("the certificate of {} is not trusted{}", host,
                                          curl_cause(curl_message)));
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_SHUTDOWN_FAILED:
            return retryable("TlsFailed", fmt::format("the TLS handshake with {} failed{}", host,
                                                      curl_cause(curl_message)));
        case CURLE_URL_MALFORMAT:
            return make_error(ErrorKind::invalid, "BadUrl",
                              fmt::format("the request's URL for {} is not acceptable", host));
        default:
            return retryable("TransferFailed", fmt::format("the exchange with {} failed: {}", host,
                                                           curl_easy_strerror(code)));
    }
}

Error describe_lost(const std::string& host, std::string_view curl_message) {
    return retryable("ConnectionLost",
                     fmt::format("connection to {} lost{}", host, curl_cause(curl_message)));
}

}  // namespace fas::reactor
