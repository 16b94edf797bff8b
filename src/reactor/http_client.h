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

    // Any HTTP status is a response, not an error. Redirects are not followed, and bodies stay in
    // the encoding they come in. A request on a kept connection that turns out to be closed, with
    // no byte of an answer, is sent once more on a new one, whatever its method.
    //
    // Errors, by kind and code:
    //   retryable  ResolveFailed, ConnectFailed, ConnectTimeout, TlsFailed, ConnectionLost,
    //              Timeout (total_timeout), TransferFailed (anything else)
    //   denied     CertificateNotTrusted
    //   invalid    BadUrl, BadRequest, BadCaBundle, ResponseTooLarge (body or headers),
    //              MalformedResponse
    //   cancelled  Stopped, DeadlinePassed
    // The message names the host and port and the cause, never the path, the query or a header's
    // value.
    Task<Result<HttpResponse>> send(HttpRequest request, Scope scope);

  private:
    class Multi;
    std::unique_ptr<Multi> multi_;
};

}  // namespace fas::reactor
