// The server's end of one connection in a test: blocking, plain or TLS. Needs OpenSSL::SSL.
#pragma once

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fas::test {

struct ReceivedRequest {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;  // in order, names as sent
    std::string body;

    // The first of that name, compared without case; empty when there is none.
    std::string header(std::string_view name) const {
        const auto found = std::ranges::find_if(headers, [name](const auto& header) {
            return header.first.size() == name.size() &&
                   ::strncasecmp(header.first.data(), name.data(), name.size()) == 0;
        });
        return found == headers.end() ? std::string() : found->second;
    }
};

// Used by its own thread; only interrupt() may be called by another.
class TestConnection {
  public:
    explicit TestConnection(int socket) : socket_(socket) {}
    ~TestConnection() { close(); }
    TestConnection(const TestConnection&) = delete;
    TestConnection& operator=(const TestConnection&) = delete;

    // False when the client gives up.
    bool accept_tls(SSL_CTX* context) {
        tls_ = SSL_new(context);
        SSL_set_fd(tls_, socket_);
        return SSL_accept(tls_) == 1;
    }

    // Whether the client has resumed an earlier TLS session.
    bool resumed() const { return tls_ != nullptr && SSL_session_reused(tls_) == 1; }

    // The next request; nothing when the client has closed the connection.
    std::optional<ReceivedRequest> read_request() {
        ReceivedRequest request;
        std::string line;
        if (!read_line(line)) return std::nullopt;
        const std::size_t target = line.find(' ') + 1;
        request.method = line.substr(0, target - 1);
        request.target = line.substr(target, line.rfind(' ') - target);
        while (read_line(line)) {
            if (line.empty()) {
                const std::string length = request.header("Content-Length");
                if (!read_bytes(request.body, length.empty() ? 0 : std::stoul(length))) break;
                return request;
            }
            const std::size_t colon = line.find(':');
            const std::size_t value = line.find_first_not_of(' ', colon + 1);
            request.headers.emplace_back(line.substr(0, colon),
                                         value == std::string::npos ? "" : line.substr(value));
        }
        return std::nullopt;
    }

    // The next line, without its end; nothing when the client has closed the connection.
    std::optional<std::string> read_line() {
        std::string line;
        if (!read_line(line)) return std::nullopt;
        return line;
    }

    // Waits for the first part of the next request. False when the client has closed instead.
    bool wait_for_bytes() { return !unread_.empty() || fill(); }

    // False when the client is gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const long sent = tls_ != nullptr
                                  ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                  : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void close_sending_side() { ::shutdown(socket_, SHUT_WR); }

    // The client's next read or write fails with "connection reset".
    void reset() {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }

    void wait_until_client_closes() {
        while (fill()) unread_.clear();
    }

    void close() {
        const std::scoped_lock lock(mutex_);
        if (socket_ < 0) return;
        SSL_free(std::exchange(tls_, nullptr));
        ::close(std::exchange(socket_, -1));
    }

    // Makes whatever the connection's thread waits for end.
    void interrupt() {
        const std::scoped_lock lock(mutex_);
        if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }

  private:
    bool fill() {
        char buffer[16384];
        const long got = tls_ != nullptr ? SSL_read(tls_, buffer, sizeof buffer)
                                         : ::recv(socket_, buffer, sizeof buffer, 0);
        if (got <= 0) return false;
        unread_.append(buffer, static_cast<std::size_t>(got));
        return true;
    }

    bool read_line(std::string& line) {
        std::size_t end = 0;
        while ((end = unread_.find("\r\n")) == std::string::npos) {
            if (!fill()) return false;
        }
        line = unread_.substr(0, end);
        unread_.erase(0, end + 2);
        return true;
    }

    bool read_bytes(std::string& bytes, std::size_t count) {
        while (unread_.size() < count) {
            if (!fill()) return false;
        }
        bytes = unread_.substr(0, count);
        unread_.erase(0, count);
        return true;
    }

    std::mutex mutex_;  // of closing and interrupting: a closed number may belong to another
    int socket_;
    SSL* tls_ = nullptr;
    std::string unread_;
};

}  // namespace fas::test
