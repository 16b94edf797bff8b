#include "reactor/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/origin.h"
#include "base/trim.h"
#include "reactor/amazon_roots.h"
#include "reactor/curl_multi.h"
#include "reactor/reactor.h"
#include "reactor/timer.h"
#include "reactor/tls_sessions.h"
#include "reactor/transfer.h"
#include "reactor/trust_store.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

// What the requests of one client share. Those beyond a host's connections wait here, not in
// libcurl, which would count their waiting as time spent connecting.
class HttpClient::Multi {
  public:
    class Exchange;

    Multi(Reactor& reactor, HttpClientOptions options)
        : reactor_(reactor), options_(std::move(options)) {}
    ~Multi() { assert(in_flight_ == 0 && "no request may outlive its HttpClient"); }
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    void close_idle_connections() {
        for (Pool* pool : {&system_, &amazon_}) pool->close_idle();
        for (auto& [file, pool] : private_) pool.close_idle();
    }

    TrustStore& trust(const std::string& ca_file) {
        return ca_file.empty() ? system_.trust : private_pool(ca_file).trust;
    }

  private:
    struct Host {
        int running = 0;
        std::deque<Exchange*> waiting;
    };

    // What the requests of one trust have to themselves. libcurl knows nothing of trust where it
    // looks for an idle connection, or for a TLS session to resume: it must not find another's.
    struct Pool {
        explicit Pool(TrustStore::Read read) : trust(std::move(read)) {}

        // libcurl closes its connections all together, and only when none is in use.
        void close_idle() {
            if (running > 0) return;
            idle.clear();
            curl.reset();
        }

        TrustStore trust;
        std::optional<TlsSessions> sessions;          // made with the first curl
        std::unique_ptr<CurlMulti> curl;              // made for the first request
        std::vector<std::unique_ptr<Transfer>> idle;  // as many as ever ran at once
        int running = 0;
    };

    Pool& private_pool(const std::string& ca_file);
    Pool& pool_for(const HttpRequest& request, const Origin& origin);
    std::unique_ptr<Transfer> take_transfer(Pool& pool);

    Reactor& reactor_;
    HttpClientOptions options_;
    int in_flight_ = 0;
    std::unordered_map<std::string, Host> hosts_;  // as many as the configuration names
    Pool system_{[this] {
        return options_.ca_bundle.empty() ? read_first_bundle(options_.system_bundles)
                                          : read_bundle(options_.ca_bundle);
    }};
    Pool amazon_{[] { return parse_bundle(amazon_roots(), "the program itself"); }};
    std::map<std::string, Pool> private_;  // by ca_file; as many as the configuration names
};

HttpClient::Multi::Pool& HttpClient::Multi::private_pool(const std::string& ca_file) {
    const auto read = [ca_file] { return read_bundle(ca_file); };
    return private_.try_emplace(ca_file, read).first->second;
}

// What needs no trust, or finds both replaced by one, shares the system's pool.
HttpClient::Multi::Pool& HttpClient::Multi::pool_for(const HttpRequest& request,
                                                     const Origin& origin) {
    if (origin.tls && !request.ca_file.empty()) {
        return private_pool(request.ca_file);
    }
    const bool amazon = request.trust == Trust::amazon && origin.tls && options_.ca_bundle.empty();
    return amazon ? amazon_ : system_;
}

std::unique_ptr<Transfer> HttpClient::Multi::take_transfer(Pool& pool) {
    if (!pool.curl) {
        pool.curl = std::make_unique<CurlMulti>(reactor_.loop(), options_.connections_max);
        if (!pool.sessions) pool.sessions.emplace();
    }
    ++pool.running;
    if (pool.idle.empty()) {
        return std::make_unique<Transfer>(*pool.curl, pool.trust, *pool.sessions);
    }
    std::unique_ptr<Transfer> transfer = std::move(pool.idle.back());
    pool.idle.pop_back();
    return transfer;
}

// One request from send() to its end, wherever that comes: its destructor gives up its place in
// the queue or its connection. Lives in send()'s frame, and so ends with it.
class HttpClient::Multi::Exchange {
  public:
    Exchange(Multi& multi, const Origin& origin, const HttpRequest& request, const Scope& scope)
        : multi_(multi),
          host_(multi.hosts_[origin.name]),
          pool_(multi.pool_for(request, origin)),
          origin_(origin),
          request_(request),
          scope_(scope),
          ended_(multi.reactor_.ready()),
          limit_(request.total_timeout > Milliseconds(0) ? scope.within(request.total_timeout)
                                                         : scope),
          timer_(multi.reactor_.loop(), limit_.deadline, ended_),
          on_stop_(scope.stop, WakeOnStop{&ended_}) {
        ++multi_.in_flight_;
        if (host_.running < multi_.options_.connections_per_host_max) {
            start();
        } else {
            host_.waiting.push_back(this);
        }
    }

    ~Exchange() {
        --multi_.in_flight_;
        if (!transfer_) {
            std::erase(host_.waiting, this);
            return;
        }
        transfer_->stop();
        pool_.idle.push_back(std::move(transfer_));
        --pool_.running;
        --host_.running;
        if (host_.waiting.empty()) return;
        Exchange* next = host_.waiting.front();
        host_.waiting.pop_front();
        next->start();
    }

    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    Wakeup& ended() { return ended_; }

    Result<HttpResponse> result() {
        if (transfer_ && transfer_->has_result()) return transfer_->take_result(origin_);
        if (scope_.stop.stop_requested() || limit_.deadline == scope_.deadline) {
            return cancelled(scope_, fmt::format("during a request to {}", origin_.name));
        }
        return make_error(ErrorKind::retryable, "Timeout",
                          fmt::format("no complete answer from {} within {} ms", origin_.name,
                                      request_.total_timeout.count()));
    }

  private:
    void start() {
        ++host_.running;
        transfer_ = multi_.take_transfer(pool_);
        transfer_->start(request_, ended_);
    }

    Multi& multi_;
    Host& host_;
    Pool& pool_;
    const Origin& origin_;
    const HttpRequest& request_;
    const Scope& scope_;
    Wakeup ended_;
    Scope limit_;  // the scope, or what total_timeout leaves of it
    Timer timer_;
    std::stop_callback<WakeOnStop> on_stop_;
    std::unique_ptr<Transfer> transfer_;  // empty while waiting for a connection
};

std::vector<std::string> usual_system_bundles() {
    return {
        "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
        "/etc/pki/tls/certs/ca-bundle.crt",                   // Amazon Linux, Fedora, RHEL
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // their newest
        "/etc/ssl/ca-bundle.pem",                             // SUSE
        "/etc/ssl/cert.pem",                                  // Alpine without the package
    };
}

HttpClient::HttpClient(Reactor& reactor, HttpClientOptions options)
    : multi_(std::make_unique<Multi>(reactor, std::move(options))) {}

HttpClient::~HttpClient() = default;

void HttpClient::close_idle_connections() { multi_->close_idle_connections(); }

TrustStore& HttpClient::trust(const std::string& ca_file) { return multi_->trust(ca_file); }

namespace {

// Nobody here asks for it, but something on the way may do so all the same. Whatever else stands in
// the header ("utf-8", "aws-chunked") leaves the body as it is.
std::optional<Error> compressed(const HttpResponse& response, const Origin& origin) {
    static constexpr std::array compressions = std::to_array<std::string_view>(
        {"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"});
    const std::string encoding = lower_case(trim(response.header("Content-Encoding"), " \t"));
    if (response.body.empty()) return std::nullopt;
    if (std::ranges::find(compressions, encoding) == compressions.end()) return std::nullopt;
    return Error{.kind = response.status >= 500 ? ErrorKind::retryable : ErrorKind::invalid,
                 .message = fmt::format(
                     "{} answered with a body that is compressed ({}), which was not asked for and "
                     "is not read: let the server, or the proxy before it, send it as it is",
                     origin.name, encoding),
                 .code = "CompressedAnswer",
                 .http_status = response.status};
}

}  // namespace

Task<Result<HttpResponse>> HttpClient::send(HttpRequest request, Scope scope) {
    const Result<Origin> origin = parse_origin(request.url);
    if (!origin) co_return origin.error();
    const Result<void> sendable = check_request(request);
    if (!sendable) co_return sendable.error();
    if (scope.over()) {
        co_return cancelled(scope, fmt::format("before a request to {}", origin->name));
    }
    Multi::Exchange exchange(*multi_, *origin, request, scope);
    Wakeup& ended = exchange.ended();  // GCC 12 would copy what a call inside co_await refers to
    co_await ended;
    auto response = exchange.result();
    if (!response) co_return response;
    if (auto refusal = compressed(*response, *origin)) co_return std::move(*refusal);
    co_return response;
}

}  // namespace fas::reactor
