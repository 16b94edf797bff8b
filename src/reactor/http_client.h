// Sends HTTP requests over pooled keep-alive connections, many at a time, on one thread.
//
// libcurl's multi interface driven by the reactor's libuv loop. Redirects are never followed: a
// signed request is only valid for the host it was signed for. Certificates are always verified,
// those of an https:// proxy by the request's trust too, and a kept connection serves only requests
// of the trust that it was verified by.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "reactor/http.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

class Reactor;
class TrustStore;

// Where Linux distributions keep the certificates that they believe in: one file, in PEM.
std::vector<std::string> usual_system_bundles();

struct HttpClientOptions {
    std::string ca_bundle;  // PEM file; empty: what each request's trust says
    std::vector<std::string> system_bundles = usual_system_bundles();  // the first that exists
    int connections_per_host_max = 64;
    int connections_max = 256;  // of each trust; idle ones beyond that are closed, oldest first
};

class HttpClient {
  public:
    // The reactor must outlive the client. Nothing is opened until the first request.
    HttpClient(Reactor& reactor, HttpClientOptions options);
    ~HttpClient();  // no request may be in flight
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Any HTTP status is a response, not an error. Redirects are not followed, and a body that is
    // compressed is not read. Nothing is ever sent twice: when a kept connection turns out to be
    // closed, the error is StaleConnection, and whether the request arrived is not known.
    //
    // Errors, by kind and code:
    //   retryable  ResolveFailed, ConnectFailed, ConnectTimeout, TlsFailed, ConnectionLost,
    //              StaleConnection, Timeout (total_timeout), TransferFailed (anything else)
    //   denied     CertificateNotTrusted
    //   invalid    BadUrl, BadRequest, BadCaBundle, ResponseTooLarge (body or headers),
    //              MalformedResponse, CompressedAnswer (retryable beside a 5xx)
    //   cancelled  Stopped, DeadlinePassed
    // The message names the host and port and the cause (of BadCaBundle, the file too), never the
    // path, the query or a header's value.
    Task<Result<HttpResponse>> send(HttpRequest request, Scope scope);

    // For a process that was frozen: its connections may be dead, and nobody told it. The next ones
    // resume their TLS sessions. While a request of a trust is in flight, that trust's connections
    // stay.
    void close_idle_connections();

    // What servers are verified by where other protocols are spoken: the authorities of a PEM file;
    // an empty name is for the system's, or HttpClientOptions::ca_bundle's. Read when first needed,
    // and as long-lived as this client.
    TrustStore& trust(const std::string& ca_file);

  private:
    class Multi;
    std::unique_ptr<Multi> multi_;
};

}  // namespace fas::reactor
