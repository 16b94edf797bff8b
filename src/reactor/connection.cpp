#include "reactor/connection.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <new>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "reactor/curl_connecting.h"
#include "reactor/curl_multi.h"
#include "reactor/reactor.h"
#include "reactor/timer.h"
#include "reactor/trust_store.h"
#include "reactor/uv_handle.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

// Only what a name or an address is made of: the host becomes part of a URL, and of messages.
bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 255 && is_alphanumeric_or("-._:", host);
}

}  // namespace

std::string name_of(const ConnectionTarget& target) {
    const bool ipv6 = target.host.contains(':');
    return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", target.host, ipv6 ? "]" : "", target.port);
}

// The easy handle stays in its multi handle, where alone libcurl finds the connection again, until
// the connection is closed.
class Connection::Line final : public TransferObserver {
  public:
    Line(Reactor& reactor, TrustStore& trust, ConnectionTarget target);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    Task<Result<void>> open(Scope scope);
    Task<void> yield() { return reactor_.yield(); }

    // How much was sent; 0 when the system takes nothing just now.
    Result<std::size_t> send(std::string_view bytes);
    // What has come; nothing when there is nothing just now.
    Result<std::optional<std::string>> receive(std::size_t bytes_max);
    // Until the socket is ready for `events`, or has failed.
    Task<Result<void>> ready(int events, Scope scope);

    const std::string& name() const { return name_; }

  private:
    // Whom to tell of the end of connecting, as long as somebody waits for it.
    struct Opening {
        explicit Opening(Line& its_line) : line(its_line), connected(its_line.reactor_.ready()) {
            line.opening_ = this;
        }
        ~Opening() { line.opening_ = nullptr; }

        Line& line;
        Wakeup connected;
    };

    static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address) {
        return static_cast<Line*>(self)->multi_.open(*address);
    }
    static CURLcode on_tls(CURL*, void* context, void* self);

    void finished(CURLcode result) override {
        result_ = result;
        if (opening_ != nullptr) opening_->connected.wake();
    }

    void set_options(const std::string& url);
    Result<void> watch_socket();

    Reactor& reactor_;
    TrustStore& trust_;
    ConnectionTarget target_;
    std::string name_;
    CurlMulti multi_;
    CURL* easy_;
    bool added_ = false;
    Opening* opening_ = nullptr;
    std::optional<CURLcode> result_;
    std::optional<Error> bad_trust_;
    UvHandle<uv_poll_t> poll_;
    std::array<char, CURL_ERROR_SIZE> curl_message_{};
};

Connection::Line::Line(Reactor& reactor, TrustStore& trust, ConnectionTarget target)
    : reactor_(reactor),
      trust_(trust),
      target_(std::move(target)),
      name_(name_of(target_)),
      multi_(reactor.loop(), 1),
      easy_(curl_easy_init()) {
    if (easy_ == nullptr) throw std::bad_alloc();
    multi_.adopt(easy_);
    set_options((target_.tls ? "https://" : "http://") + name_);
}

Connection::Line::~Line() {
    poll_.reset();  // libuv stops watching now, and frees the handle later
    if (added_) multi_.remove(easy_);
    curl_easy_cleanup(easy_);
}

void Connection::Line::set_options(const std::string& url) {
    const auto set = [this](CURLoption option, auto value) {
        [[maybe_unused]] const CURLcode code = curl_easy_setopt(easy_, option, value);
        assert(code == CURLE_OK);
    };
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_SSL_ENABLE_ALPN, 0L);  // it is not HTTP
    set(CURLOPT_TCP_NODELAY, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // as in Transfer
    curl_easy_setopt(easy_, CURLOPT_PROXY, "");
    verify_servers(easy_);
    set(CURLOPT_OPENSOCKETFUNCTION, &Line::on_open);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_SSL_CTX_FUNCTION, &Line::on_tls);
    set(CURLOPT_SSL_CTX_DATA, this);
    set(CURLOPT_ERRORBUFFER, curl_message_.data());
    set(CURLOPT_URL, url.c_str());
    // To libcurl, 0 means its own default of five minutes.
    const auto connect_ms = std::max(target_.connect_timeout, Milliseconds(1)).count();
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_ms));
}

CURLcode Connection::Line::on_tls(CURL*, void* context, void* self) {
    auto* line = static_cast<Line*>(self);
    const Result<X509_STORE*> store = line->trust_.get();
    if (!store) {
        line->bad_trust_ = store.error();
        return CURLE_SSL_CACERT_BADFILE;
    }
    SSL_CTX_set1_verify_cert_store(static_cast<SSL_CTX*>(context), *store);
    return CURLE_OK;
}

Task<Result<void>> Connection::Line::open(Scope scope) {
    if (!is_host(target_.host)) {
        co_return make_error(ErrorKind::invalid, "BadUrl",
                             "the host is neither a name nor an address");
    }
    if (scope.over()) {
        co_return cancelled(scope, fmt::format("before connecting to {}", name_));
    }
    {
        Opening opening(*this);
        added_ = true;
        multi_.add(easy_, *this);
        const Timer timer(reactor_.loop(), scope.deadline, opening.connected);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&opening.connected});
        Wakeup& connected = opening.connected;
        co_await connected;
    }
    if (!result_) {
        co_return cancelled(scope, fmt::format("while connecting to {}", name_));
    }
    if (bad_trust_) {
        bad_trust_->message = fmt::format("cannot verify {}: {}", name_, bad_trust_->message);
        co_return std::move(*bad_trust_);
    }
    if (*result_ != CURLE_OK) {
        co_return describe_connect_failure(easy_, *result_, name_, target_.connect_timeout,
                                           curl_message_.data());
    }
    co_return watch_socket();
}

Result<void> Connection::Line::watch_socket() {
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) return describe_lost(name_, "");
    auto* poll = new uv_poll_t{};
    const int failed = uv_poll_init_socket(reactor_.loop(), poll, socket);
    if (failed != 0) {
        delete poll;
        return describe_lost(name_, uv_strerror(failed));
    }
    poll_.reset(poll);
    return {};
}

Result<std::size_t> Connection::Line::send(std::string_view bytes) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(easy_, bytes.data(), bytes.size(), &sent);
    if (code == CURLE_OK) return sent;
    if (code == CURLE_AGAIN) return std::size_t{0};
    return describe_lost(name_, curl_message_.data());
}

Result<std::optional<std::string>> Connection::Line::receive(std::size_t bytes_max) {
    std::array<char, 16384> buffer;  // NOLINT(*-member-init): curl_easy_recv fills it
    std::size_t count = 0;
    const CURLcode code =
        curl_easy_recv(easy_, buffer.data(), std::min(bytes_max, buffer.size()), &count);
    if (code == CURLE_OK) return std::optional<std::string>(std::in_place, buffer.data(), count);
    if (code == CURLE_AGAIN) return std::optional<std::string>();
    return describe_lost(name_, curl_message_.data());
}

Task<Result<void>> Connection::Line::ready(int events, Scope scope) {
    struct Wait {
        uv_poll_t* poll;
        Wakeup wakeup;
        bool happened = false;

        ~Wait() { uv_poll_stop(poll); }
    };
    if (!scope.over()) {
        Wait wait{poll_.get(), Wakeup(reactor_.ready())};
        poll_->data = &wait;
        uv_poll_start(poll_.get(), events, [](uv_poll_t* poll, int, int) {
            auto* waiting = static_cast<Wait*>(poll->data);
            waiting->happened = true;  // a failure too: sending or receiving says which
            uv_poll_stop(poll);
            waiting->wakeup.wake();
        });
        const Timer timer(reactor_.loop(), scope.deadline, wait.wakeup);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&wait.wakeup});
        Wakeup& wakeup = wait.wakeup;
        co_await wakeup;
        if (wait.happened) co_return Result<void>{};
    }
    co_return cancelled(scope, fmt::format("while waiting for {}", name_));
}

Connection::Connection(Reactor& reactor, TrustStore& trust, ConnectionTarget target)
    : line_(std::make_unique<Line>(reactor, trust, std::move(target))) {}

Connection::~Connection() = default;

Task<Result<void>> Connection::open(Scope scope) { return line_->open(std::move(scope)); }

Task<Result<void>> Connection::write(std::string bytes, Scope scope) {
    std::string_view left = bytes;
    while (!left.empty()) {
        const auto sent = line_->send(left);
        if (!sent) co_return sent.error();
        left.remove_prefix(*sent);
        if (*sent > 0) continue;
        auto ready = co_await line_->ready(UV_WRITABLE, scope);
        if (!ready) co_return ready.error();
    }
    co_return Result<void>{};
}

// TLS may hold bytes that the socket no longer has, so it is asked before each wait. A peer that
// sends without a pause leaves the loop its turn.
Task<Result<std::string>> Connection::read(std::size_t bytes_max, Scope scope) {
    co_await line_->yield();
    for (;;) {
        auto received = line_->receive(bytes_max);
        if (!received) co_return received.error();
        if (*received) co_return std::move(**received);
        auto ready = co_await line_->ready(UV_READABLE, scope);
        if (!ready) co_return ready.error();
    }
}

}  // namespace fas::reactor
