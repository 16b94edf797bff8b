// What all of libcurl's connections have in common, whatever is sent over them: how servers are
// verified, and how the failure to connect is told.
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace fas::reactor {

// TLS 1.2 or later, with a certificate that is verified. libcurl need not read the system's: a
// CURLOPT_SSL_CTX_FUNCTION has to bring those to verify by.
void verify_servers(CURL* easy);

// `host`: "host:port", for messages. `curl_message`: what libcurl wrote into the error buffer.
// Errors: those of HttpClient::send for a connection, retryable "TransferFailed" for anything else.
Error describe_connect_failure(CURL* easy, CURLcode code, const std::string& host,
                               Milliseconds connect_timeout, std::string_view curl_message);

// An established connection has failed: retryable "ConnectionLost".
Error describe_lost(const std::string& host, std::string_view curl_message);

}  // namespace fas::reactor
