#include "reactor/local_http.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cerrno>
#include <optional>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/parse_number.h"
#include "reactor/reactor.h"
#include "reactor/response_reader.h"
#include "reactor/timer.h"
#include "reactor/uv_handle.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

constexpr time_t connect_time_max_s = 1;

// What a socket needs, for IPv4 and IPv6 alike.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

std::optional<SocketAddress> parse_address(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    const auto port = parse_number<std::uint16_t>(std::string_view{address}.substr(colon + 1));
    if (!port || *port == 0) return std::nullopt;

    std::string host = address.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    SocketAddress parsed;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
        parsed.size = sizeof(sockaddr_in6);
        auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&parsed.storage);
        if (uv_ip6_addr(host.c_str(), *port, ipv6) != 0) return std::nullopt;
    } else {
        parsed.size = sizeof(sockaddr_in);
        auto* ipv4 = reinterpret_cast<sockaddr_in*>(&parsed.storage);
        if (uv_ip4_addr(host.c_str(), *port, ipv4) != 0) return std::nullopt;
    }
    return parsed;
}

}  // namespace

// A socket that coroutines can wait for.
class LocalHttp::Connection {
  public:
    Connection(Reactor& reactor, const std::string& address)
        : reactor_(reactor), address_(address) {}
    ~Connection() {
        poll_.reset();  // libuv stops watching now, and frees the handle later
        if (socket_ >= 0) ::close(socket_);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<void> connect();

    // Ends early, without an error, when the server answers or hangs up before it has read it all.
    Task<Result<void>> write(std::string bytes, Scope scope);

    Task<Result<HttpResponse>> read(std::size_t bytes_max, Scope scope);

    bool reusable() const { return reusable_; }
    bool answered() const { return answered_; }

  private:
    Task<Result<int>> ready(int events, Scope scope);
    Result<bool> receive(ResponseReader& reader);
    Error lost(int number) const;

    Reactor& reactor_;
    const std::string& address_;
    int socket_ = -1;
    UvHandle<uv_poll_t> poll_;
    bool reusable_ = false;
    bool answered_ = false;  // with a byte at least, to the last request
};

// Waits here and now. A server on this machine takes a connection, or refuses it, at once; waiting
// for the loop would put the request off until everything else that is ready has had its turn.
Result<void> LocalHttp::Connection::connect() {
    const auto refused = [this](int number) {
        return make_error(ErrorKind::retryable, "ConnectFailed",
                          fmt::format("cannot connect to {}: {}", address_,
                                      std::generic_category().message(number)));
    };
    const auto address = parse_address(address_);
    if (!address) {
        return make_error(ErrorKind::invalid, "BadAddress",
                          fmt::format("{} is not an address of the form 127.0.0.1:9001", address_));
    }
    socket_ = ::socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return refused(errno);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval limit{.tv_sec = connect_time_max_s, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address->storage);
    if (::connect(socket_, generic, address->size) == 0) return {};
    return refused(errno == EINPROGRESS ? ETIMEDOUT : errno);
}

Task<Result<void>> LocalHttp::Connection::write(std::string bytes, Scope scope) {
    std::string_view left = bytes;
    answered_ = false;
    reusable_ = false;
    while (!left.empty()) {
        const ssize_t sent = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            left.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno != EAGAIN) co_return Result<void>{};  // reading says what happened
        const auto events = co_await ready(UV_WRITABLE | UV_READABLE, scope);
        if (!events) co_return events.error();
        if ((*events & UV_READABLE) != 0) co_return Result<void>{};
    }
    reusable_ = true;
    co_return Result<void>{};
}

Task<Result<HttpResponse>> LocalHttp::Connection::read(std::size_t bytes_max, Scope scope) {
    ResponseReader reader(bytes_max);
    while (!reader.complete()) {
        const auto events = co_await ready(UV_READABLE, scope);
        if (!events) co_return events.error();
        const auto open = receive(reader);
        answered_ = reader.begun();
        if (!open) co_return open.error();
        if (!*open && !reader.complete()) co_return lost(0);
    }
    reusable_ = reusable_ && reader.connection_reusable();
    co_return reader.take();
}

// Whether the connection goes on.
Result<bool> LocalHttp::Connection::receive(ResponseReader& reader) {
    std::array<char, 65536> buffer;  // NOLINT(*-member-init): recv fills it
    while (!reader.complete()) {
        const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN) return true;
        if (count < 0) return lost(errno);
        if (count == 0) {
            reader.connection_ended();
            return false;
        }
        const Result<void> read =
            reader.add(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
        if (!read) return read.error();
    }
    return true;
}

Error LocalHttp::Connection::lost(int number) const {
    return make_error(ErrorKind::retryable, "ConnectionLost",
                      fmt::format("{} ended the connection without a complete answer{}{}", address_,
                                  number == 0 ? "" : ": ",
                                  number == 0 ? "" : std::generic_category().message(number)));
}

// Which of `events` have come.
Task<Result<int>> LocalHttp::Connection::ready(int events, Scope scope) {
    struct Wait {
        uv_poll_t* poll;
        Wakeup wakeup;
        int events = 0;

        ~Wait() { uv_poll_stop(poll); }
    };
    if (!poll_) {
        auto* poll = new uv_poll_t{};
        const int failed = uv_poll_init_socket(reactor_.loop(), poll, socket_);
        if (failed != 0) {
            delete poll;
            co_return make_error(ErrorKind::retryable, "ConnectFailed",
                                 fmt::format("cannot watch {}: {}", address_, uv_strerror(failed)));
        }
        poll_.reset(poll);
    }
    if (!scope.over()) {
        Wait wait{poll_.get(), Wakeup(reactor_.ready())};
        poll_->data = &wait;
        uv_poll_start(poll_.get(), events, [](uv_poll_t* poll, int status, int arrived) {
            auto* waiting = static_cast<Wait*>(poll->data);
            // A socket that failed can be read: recv says how.
            waiting->events = status < 0 ? UV_READABLE : arrived;
            uv_poll_stop(poll);
            waiting->wakeup.wake();
        });
        const Timer timer(reactor_.loop(), scope.deadline, wait.wakeup);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&wait.wakeup});
        Wakeup& wakeup = wait.wakeup;
        co_await wakeup;
        if (wait.events != 0) co_return wait.events;
    }
    co_return cancelled(scope, fmt::format("while waiting for {}", address_));
}

LocalHttp::LocalHttp(Reactor& reactor, std::string address)
    : reactor_(reactor), address_(std::move(address)) {}

LocalHttp::~LocalHttp() = default;

Task<Result<HttpResponse>> LocalHttp::send(LocalHttpRequest request, Scope scope) {
    bool kept = connection_ != nullptr;
    for (;;) {
        auto response = co_await exchange(&request, scope);
        const bool unanswered = !connection_->answered();
        const bool lost = !response && response.error().code == "ConnectionLost";
        if (!response || !connection_->reusable()) connection_.reset();
        if (!kept || !lost || !unanswered) co_return response;
        kept = false;
    }
}

Task<Result<HttpResponse>> LocalHttp::exchange(const LocalHttpRequest* request, Scope scope) {
    if (!connection_) {
        connection_ = std::make_unique<Connection>(reactor_, address_);
        const auto connected = connection_->connect();
        if (!connected) co_return connected.error();
    }
    std::string bytes = encode(*request);
    auto written = co_await connection_->write(std::move(bytes), scope);
    if (!written) co_return written.error();
    co_return co_await connection_->read(request->response_bytes_max, scope);
}

std::string LocalHttp::encode(const LocalHttpRequest& request) const {
    std::string bytes =
        fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.path, address_);
    for (const HttpHeader& header : request.headers) {
        bytes += fmt::format("{}: {}\r\n", header.name, header.value);
    }
    if (request.method != "GET") {
        bytes += fmt::format("Content-Length: {}\r\n", request.body.size());
    }
    bytes += "\r\n";
    bytes += request.body;
    return bytes;
}

}  // namespace fas::reactor
