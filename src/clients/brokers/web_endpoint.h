// One request to a server that is not AWS: a broker's management API, a metrics server, a program's
// own page. Certificates are always verified, and redirects never followed. One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "reactor/http_client.h"

namespace fas::clients {

// Header lines, "Name: value", one a line; empty lines are passed over. Errors: invalid
// "BadHeader", which names the line by its number alone, since it may hold a secret.
Result<std::vector<reactor::HttpHeader>> read_header_lines(std::string_view text);

// Where the server is, and how it knows us.
struct WebAccess {
    std::string url;  // is_web_url() or is_web_base()
    std::string user;
    Secret password;
    Secret bearer_token;  // instead of the two
    Secret headers;       // lines, as above; sent with each request
    std::string ca_file;  // PEM; empty: the system's authorities, or AWS_CA_BUNDLE's

    bool has_secrets() const {
        return !user.empty() || !password.empty() || !bearer_token.empty() || !headers.empty();
    }
};

// Whether what the server knows us by would go over a network for everyone to read: it has
// secrets, its URL is http, and its host is not this machine.
bool exposes_secrets(const WebAccess& access);

// The remedy for an answer of that HTTP status, which is no success: denied (401, 403), not_found
// (404, 410), throttled (429), retryable (408, 5xx), invalid (others).
ErrorKind kind_of_status(int status);

struct WebRequest {
    std::string method = "GET";
    std::string target;  // what is appended to the URL: "/api/queues/%2F/orders"
    std::vector<reactor::HttpHeader> headers;
    std::string body;
    Milliseconds limit{4000};  // of the whole call
    std::size_t response_bytes_max = std::size_t{1} << 20U;
    // Of the answers that are errors, those that the caller reads itself; null: none.
    bool (*readable)(const reactor::HttpResponse&) = nullptr;
};

class WebEndpoint {
  public:
    // The client must outlive it.
    WebEndpoint(reactor::HttpClient& http, WebAccess access);

    // "host:port", for messages.
    const std::string& name() const { return name_; }

    // An answer of 2xx or a readable one. A kept connection that turns out closed is replaced, so
    // that the request may arrive twice: it must only read. There is no other retry, since the next
    // check is one. Errors: of HTTP's statuses, as above, with the code "HTTP404"; invalid
    // "Redirected" and "BadHeader"; those of HttpClient::send. The message names the host, never
    // the path, the query or a secret.
    reactor::Task<Result<reactor::HttpResponse>> send(WebRequest request, reactor::Scope scope);

  private:
    reactor::HttpRequest http_request(WebRequest& request) const;

    reactor::HttpClient& http_;
    WebAccess access_;
    std::string name_;
    Result<std::vector<reactor::HttpHeader>> headers_;  // of each request
};

}  // namespace fas::clients
