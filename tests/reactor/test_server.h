// A real HTTP/1.1 server for tests, on a free port of 127.0.0.1, that does to each connection
// what a script says:
//
//     TestServer server(answering(http_answer(200, "hello")));
//     client.send(get(server.url("/path")), scope) ...
//
// A script runs in a thread of its own for each connection, which closes when it returns. The
// server's destructor interrupts and joins them all. Needs OpenSSL::SSL.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <list>
#include <thread>

#include "tests/reactor/test_certificate.h"
#include "tests/reactor/test_connection.h"

namespace fas::test {

using Script = std::function<void(TestConnection&)>;

// A whole answer, kept alive. `extra_headers`: lines, each with its "\r\n".
inline std::string http_answer(int status, const std::string& body,
                               const std::string& extra_headers = "") {
    return "HTTP/1.1 " + std::to_string(status) + " Text\r\n" + extra_headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Answers every request of the connection with the same bytes.
inline Script answering(std::string bytes) {
    return [bytes = std::move(bytes)](TestConnection& connection) {
        while (connection.read_request()) connection.send(bytes);
    };
}

// Answers every request with what a function makes of it.
inline Script replying(std::function<std::string(const ReceivedRequest&)> reply) {
    return [reply = std::move(reply)](TestConnection& connection) {
        while (const auto request = connection.read_request()) connection.send(reply(*request));
    };
}

// Something that threads wait for until it has been reached `count` times.
class Gate {
  public:
    explicit Gate(int count = 1) : missing_(count) {}

    void reach() {
        const std::scoped_lock lock(mutex_);
        --missing_;
        changed_.notify_all();
    }

    bool open() {
        const std::scoped_lock lock(mutex_);
        return missing_ <= 0;
    }

    // False when that does not come about: a test then fails rather than hang.
    bool wait() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [this] { return missing_ <= 0; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int missing_;
};

class TestServer {
  public:
    // `certificate`: to speak TLS with; must outlive the server. Null: plain.
    explicit TestServer(Script script, const TestCertificate* certificate = nullptr)
        : script_(std::move(script)) {
        if (certificate != nullptr) tls_.reset(certificate->new_server_context());
        listen();
        acceptor_ = std::thread([this] { accept_all(); });
    }

    ~TestServer() {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        for (Served& served : served_) served.connection.interrupt();
        for (Served& served : served_) served.thread.join();
        ::close(listener_);
    }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    int port() const { return port_; }
    int connections() const { return connections_; }

    // "127.0.0.1:port", as error messages name it.
    std::string name() const { return "127.0.0.1:" + std::to_string(port_); }

    std::string url(const std::string& target = "/") const {
        return (tls_ ? "https://" : "http://") + name() + target;
    }

  private:
    struct Served {
        explicit Served(int socket) : connection(socket) {}
        TestConnection connection;
        std::thread thread;
    };

    void listen() {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        ASSERT_EQ(::bind(listener_, generic, size), 0);
        ASSERT_EQ(::listen(listener_, SOMAXCONN), 0);
        ASSERT_EQ(::getsockname(listener_, generic, &size), 0);
        port_ = ntohs(address.sin_port);
    }

    void accept_all() {
        while (true) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            ++connections_;
            Served& served = served_.emplace_back(socket);
            served.thread = std::thread([this, &served] { serve(served.connection); });
        }
    }

    void serve(TestConnection& connection) {
        // OpenSSL writes without MSG_NOSIGNAL. In this thread only: that the client under test
        // lives through a broken pipe is its own to see to.
        sigset_t broken_pipe;
        sigemptyset(&broken_pipe);
        sigaddset(&broken_pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
        if (!tls_ || connection.accept_tls(tls_.get())) script_(connection);
        connection.close();
    }

    Script script_;
    std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> tls_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::list<Served> served_;  // grown by the acceptor's thread, read after it has ended
    std::thread acceptor_;
};

}  // namespace fas::test
