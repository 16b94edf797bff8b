// Sends HTTP requests over pooled keep-alive connections, many at a time, on one thread.
//
// libcurl's multi interface driven by the reactor's libuv loop. Certificates are always verified.
// Redirects are never followed: a signed request is only valid for the host it was signed for.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "reactor/http.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

class Reactor;

struct HttpClientOptions {
    std::string ca_bundle;  // PEM file; empty: the system's
    int connections_per_host_max = 64;
    int connections_max = 256;  // idle ones beyond that are closed, oldest first
};

class HttpClient {
  public:
    // The reactor must outlive the client. Nothing is opened until the first request.
    HttpClient(Reactor& reactor, HttpClientOptions options);
    ~HttpClient();  // no request may be in flight
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Any HTTP status is a response, not an error. Errors: retryable (resolve, connect, send,
    // receive, timeout; code says which), denied (certificate not trusted), invalid (bad URL,
    // response too large or malformed), cancelled (stop requested, deadline passed). The message
    // names the host and port and the cause, never the query or a header.
    Task<Result<HttpResponse>> send(HttpRequest request, Scope scope);

  private:
    class Multi;
    std::unique_ptr<Multi> multi_;
};

}  // namespace fas::reactor
