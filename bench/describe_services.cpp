// The answers to DescribeServices for bench/fleet_servers.py, which no canned text can give: each
// holds the services that the request asked for. nginx stands in front of it, with TLS.
//
//   describe_services SOCKET TEMPLATE
//
// Listens on the Unix socket. TEMPLATE is a file with one service as JSON, in which @service@ and
// @cluster@ stand for its names. Serves until it is killed; ends with status 1 on what nginx would
// never send.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/reader.h"

namespace {

using namespace fas;

constexpr int connections_waiting_max = 512;
constexpr json::Limits request_limits{.bytes_max = 1UL << 20U};

[[noreturn]] void fail(std::string_view what) {
    std::fprintf(stderr, "describe_services: %.*s: %s\n", static_cast<int>(what.size()),
                 what.data(), std::strerror(errno));
    std::exit(1);
}

// The template, cut at its marks.
class ServiceText {
  public:
    explicit ServiceText(std::string_view text) {
        for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@')) {
            const std::size_t end = text.find('@', at + 1);
            if (end == std::string_view::npos) fail("a mark in the template has no end");
            parts_.push_back(
                {std::string{text.substr(0, at)}, text.substr(at + 1, end - at - 1) == "service"});
            text.remove_prefix(end + 1);
        }
        rest_ = text;
    }

    void append_to(std::string& out, std::string_view cluster, std::string_view service) const {
        for (const Part& part : parts_) {
            out += part.before;
            out += part.then_service ? service : cluster;
        }
        out += rest_;
    }

  private:
    struct Part {
        std::string before;
        bool then_service;  // or the cluster
    };
    std::vector<Part> parts_;
    std::string rest_;
};

std::string answer_body(std::string_view request, const ServiceText& service_text) {
    const auto document = json::parse(request, request_limits);
    const auto cluster = document ? document->root().find("cluster") : std::nullopt;
    const auto services = document ? document->root().find("services") : std::nullopt;
    if (!cluster || !services) fail("a request has no cluster or no services");
    std::string body = R"({"services": [)";
    const char* separator = "";
    for (const json::Value& service : services->items()) {
        body += separator;
        service_text.append_to(body, cluster->as_string().value_or(""),
                               service.as_string().value_or(""));
        separator = ", ";
    }
    return body + R"(], "failures": []})";
}

std::size_t body_bytes(std::string_view head) {
    constexpr std::string_view name = "Content-Length: ";  // as nginx writes it
    const std::size_t at = head.find(name);
    if (at == std::string_view::npos) fail("a request has no Content-Length");
    return std::strtoul(head.data() + at + name.size(), nullptr, 10);
}

void send_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0) return;  // nginx has closed it, and the next read says so
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

// Answers what is complete of what has come.
void answer(int socket, std::string& received, const ServiceText& service_text) {
    const std::size_t head_end = received.find("\r\n\r\n");
    if (head_end == std::string::npos) return;
    const std::size_t body_begin = head_end + 4;
    const std::size_t end =
        body_begin + body_bytes(std::string_view{received}.substr(0, body_begin));
    if (received.size() < end) return;
    const std::string body =
        answer_body(std::string_view{received}.substr(body_begin, end - body_begin), service_text);
    send_all(socket,
             "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
             "Content-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
    received.erase(0, end);
}

int listen_at(const char* path) {
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (std::strlen(path) >= sizeof address.sun_path) fail("the socket's path is too long");
    std::strcpy(address.sun_path, path);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener, connections_waiting_max) != 0) {
        fail(path);
    }
    return listener;
}

void follow(int epoll, int socket) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
}

[[noreturn]] void serve(int listener, const ServiceText& service_text) {
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    follow(epoll, listener);
    std::unordered_map<int, std::string> received;  // by connection, what is not answered yet
    std::array<epoll_event, 64> events{};
    std::array<char, 65'536> buffer{};
    while (true) {
        const int count = ::epoll_wait(epoll, events.data(), events.size(), -1);
        if (count < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < count; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket == listener) {
                follow(epoll, ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
                continue;
            }
            const ssize_t size = ::read(socket, buffer.data(), buffer.size());
            if (size <= 0) {
                received.erase(socket);
                ::close(socket);
                continue;
            }
            received[socket].append(buffer.data(), static_cast<std::size_t>(size));
            answer(socket, received[socket], service_text);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) fail("usage: describe_services SOCKET TEMPLATE");
    std::ifstream file{arguments[2]};
    std::ostringstream text;
    text << file.rdbuf();
    if (!file || text.str().empty()) fail(arguments[2]);
    const ServiceText service_text{text.str()};
    serve(listen_at(arguments[1]), service_text);
}
