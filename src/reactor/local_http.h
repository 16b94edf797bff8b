// HTTP to a server on this machine, such as Lambda's runtime API: without TLS, proxies and names to
// look up. Beside HttpClient, because libcurl and OpenSSL take longer to initialise than a cold
// start has until its first request. One connection, kept between requests. One thread.
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

struct LocalHttpRequest {
    std::string method = "GET";
    std::string path;  // begins with /; percent-encoded
    // Host and Content-Length are added.
    std::vector<HttpHeader> headers;
    std::string body;
    std::size_t response_bytes_max = std::size_t{1} << 20U;
};

class LocalHttp {
  public:
    // `address`: an IP address, an IPv6 one in brackets, or localhost; then a colon and the port.
    // The reactor must outlive this. Nothing is opened until the first request.
    LocalHttp(Reactor& reactor, std::string address);
    ~LocalHttp();  // no request may be in flight
    LocalHttp(const LocalHttp&) = delete;
    LocalHttp& operator=(const LocalHttp&) = delete;

    // One at a time. Any status is a response. The request is on its way when this first waits. It
    // is sent again when a kept connection ends without a byte of an answer.
    //
    // Errors, by kind and code:
    //   retryable  ConnectFailed, ConnectionLost
    //   invalid    BadAddress, MalformedResponse, ResponseTooLarge
    //   cancelled  Stopped, DeadlinePassed
    Task<Result<HttpResponse>> send(LocalHttpRequest request, Scope scope);

  private:
    class Connection;

    Task<Result<HttpResponse>> exchange(const LocalHttpRequest* request, Scope scope);
    std::string encode(const LocalHttpRequest& request) const;

    Reactor& reactor_;
    std::string address_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace fas::reactor
