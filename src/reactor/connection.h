// A connection for a protocol of its own, such as Redis's: bytes to and from a host and port, plain
// or over TLS with the server's certificate verified. One thread, one operation at a time.
//
// libcurl looks the name up, connects and speaks TLS (CURLOPT_CONNECT_ONLY). Each connection has
// its own multi handle: one that is shared closes connections like this one, which it takes for
// idle, whenever bytes wait in them while another begins.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

class Reactor;
class TrustStore;

struct ConnectionTarget {
    std::string host;  // a name, or an IP address, without brackets
    int port = 0;
    bool tls = false;
    Milliseconds connect_timeout{3100};  // name lookup, TCP and TLS together

    bool operator==(const ConnectionTarget&) const = default;
};

// "host:port", safe to print; an IPv6 address in brackets.
std::string name_of(const ConnectionTarget& target);

class Connection {
  public:
    // `trust`: what the server is verified by. It and the reactor must outlive the connection.
    Connection(Reactor& reactor, TrustStore& trust, ConnectionTarget target);
    ~Connection();  // closes it; nothing may be waiting for it
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Once, before anything else. After an error, of this or of the others, the connection is of no
    // more use. A proxy that the environment names is not used.
    // Errors, by kind and code:
    //   retryable  ResolveFailed, ConnectFailed, ConnectTimeout, TlsFailed, TransferFailed
    //   denied     CertificateNotTrusted
    //   invalid    BadUrl (the host is none), BadCaBundle
    //   cancelled  Stopped, DeadlinePassed
    Task<Result<void>> open(Scope scope);

    // All of the bytes, into the system's hands. Errors: retryable ConnectionLost; cancelled.
    Task<Result<void>> write(std::string bytes, Scope scope);

    // What has come, one byte at least and `bytes_max` at most; nothing once the server has ended
    // its side. Errors: retryable ConnectionLost; cancelled.
    Task<Result<std::string>> read(std::size_t bytes_max, Scope scope);

  private:
    class Line;
    std::unique_ptr<Line> line_;
};

}  // namespace fas::reactor
