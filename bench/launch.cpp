// Starts a program and measures it from outside, on one thread, with nothing else in the process:
//
//   launch next COMMAND...   to the arrival of its GET next, as a Lambda function; then kills it
//   launch tick COMMAND...   to the arrival of its response to a first invocation; then kills it
//   launch once COMMAND...   to its end; its CPU time and its peak of memory
//   launch exit COMMAND...   to its end, as `once`
//   launch drop FILE...      drops the files' pages from the file cache, and says whether they left
//
// Prints one JSON object. The clock is started just before posix_spawn (which is vfork and exec:
// the child shares this small process's memory until then, so its peak of memory is its own).
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern char** environ;

namespace {

constexpr int patience_ms = 30'000;

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "launch: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

double now_ms() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// One connection's request, as far as it has come.
struct Connection {
    int socket = -1;
    std::string text;
};

bool is_complete(const std::string& text) {
    const auto head_end = text.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    std::string head = text.substr(0, head_end + 2);
    for (char& letter : head) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    if (head.find("\r\ntransfer-encoding: chunked\r\n") != std::string::npos) {
        return text.ends_with("\r\n0\r\n\r\n");
    }
    const auto length = head.find("\r\ncontent-length:");
    if (length == std::string::npos) return true;
    const auto wanted = std::strtoul(head.c_str() + length + 17, nullptr, 10);
    return text.size() >= head_end + 4 + wanted;
}

// The runtime API of one invocation: hands out an empty event, and takes what comes back.
class RuntimeApi {
  public:
    RuntimeApi() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, size) != 0 || listen(listener_, 8) != 0) fail("listen");
        getsockname(listener_, generic, &size);
        address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }

    const std::string& address() const { return address_; }

    // Waits for the next whole request, and leaves its connection in `asked_`.
    std::string request() {
        for (;;) {
            std::vector<pollfd> watched{{listener_, POLLIN, 0}};
            for (const auto& one : connections_) watched.push_back({one.socket, POLLIN, 0});
            if (poll(watched.data(), watched.size(), patience_ms) <= 0) {
                std::fprintf(stderr, "launch: the program sent nothing\n");
                return {};
            }
            for (std::size_t i = 1; i < watched.size(); ++i) {
                if (watched[i].revents != 0 && read_from(connections_[i - 1])) {
                    asked_ = connections_[i - 1].socket;
                    return std::exchange(connections_[i - 1].text, {});
                }
            }
            if (watched[0].revents != 0) {
                connections_.push_back({accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), {}});
            }
        }
    }

    void answer(const std::string& text) const {
        if (write(asked_, text.data(), text.size()) < 0) fail("answer");
    }

  private:
    // Whether a whole request is there.
    static bool read_from(Connection& connection) {
        std::array<char, 16384> bytes{};
        const auto count = read(connection.socket, bytes.data(), bytes.size());
        if (count <= 0) {
            close(connection.socket);
            connection.socket = -1;  // poll() passes over it
            return false;
        }
        connection.text.append(bytes.data(), static_cast<std::size_t>(count));
        return is_complete(connection.text);
    }

    int listener_;
    int asked_ = -1;
    std::string address_;
    std::vector<Connection> connections_;
};

constexpr std::string_view next_path = "GET /2018-06-01/runtime/invocation/next ";
constexpr std::string_view response_path = "POST /2018-06-01/runtime/invocation/8476a536/response ";

std::string event() {
    const auto deadline_ms = (static_cast<long long>(std::time(nullptr)) + 60) * 1000;
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
           "Lambda-Runtime-Aws-Request-Id: 8476a536\r\n"
           "Lambda-Runtime-Deadline-Ms: " +
           std::to_string(deadline_ms) +
           "\r\nLambda-Runtime-Invoked-Function-Arn: "
           "arn:aws:lambda:eu-west-1:123456789012:function:autoscaler\r\n"
           "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n"
           "Content-Length: 2\r\n\r\n{}";
}

pid_t start(char** command) {
    pid_t child = -1;
    const int error = posix_spawn(&child, command[0], nullptr, nullptr, command, environ);
    if (error != 0) {
        errno = error;
        fail(command[0]);
    }
    return child;
}

// The program itself, and what it may have started.
void end(pid_t child) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
}

int run_function(char** command, bool whole_tick) {
    RuntimeApi api;
    setenv("AWS_LAMBDA_RUNTIME_API", api.address().c_str(), 1);
    const double began = now_ms();
    const pid_t child = start(command);
    std::string request = api.request();
    const double next = now_ms() - began;
    if (!request.starts_with(next_path)) {
        std::fprintf(stderr, "launch: no GET next but: %.300s\n", request.c_str());
        end(child);
        return 1;
    }
    if (!whole_tick) {
        end(child);
        std::printf("{\"next_ms\": %.4f}\n", next);
        return 0;
    }
    api.answer(event());
    request = api.request();
    const double response = now_ms() - began;
    end(child);
    if (!request.starts_with(response_path)) {
        std::fprintf(stderr, "launch: no response but: %.2000s\n", request.c_str());
        return 1;
    }
    const bool changed = request.find("\"changed\":true") != std::string::npos ||
                         request.find("\"changed\": true") != std::string::npos;
    std::printf("{\"next_ms\": %.4f, \"tick_ms\": %.4f, \"changed\": %s}\n", next, response,
                changed ? "true" : "false");
    return 0;
}

double ms(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

int run_to_its_end(char** command) {
    const double began = now_ms();
    const pid_t child = start(command);
    int status = 0;
    rusage usage{};
    if (wait4(child, &status, 0, &usage) != child) fail("wait4");
    const double wall = now_ms() - began;
    std::printf("{\"wall_ms\": %.4f, \"cpu_ms\": %.4f, \"rss_mib\": %.4f, \"status\": %d}\n", wall,
                ms(usage.ru_utime) + ms(usage.ru_stime),
                static_cast<double>(usage.ru_maxrss) / 1024, WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

std::size_t pages_in_cache(int file, std::size_t size) {
    void* mapped = mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) fail("mmap");
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> present((size + page - 1) / page);
    if (mincore(mapped, size, present.data()) != 0) fail("mincore");
    munmap(mapped, size);
    std::size_t count = 0;
    for (const unsigned char one : present) count += one & 1U;
    return count;
}

int drop(char** names) {
    std::size_t left = 0;
    for (; *names != nullptr; ++names) {
        const int file = open(*names, O_RDONLY | O_CLOEXEC);
        struct stat status{};
        if (file < 0 || fstat(file, &status) != 0) fail(*names);
        if (status.st_size > 0) {
            fsync(file);
            posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
            left += pages_in_cache(file, static_cast<std::size_t>(status.st_size));
        }
        close(file);
    }
    std::printf("{\"pages_left\": %zu}\n", left);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view mode = count > 2 ? arguments[1] : "";
    char** rest = arguments + 2;
    if (mode == "next" || mode == "tick") return run_function(rest, mode == "tick");
    if (mode == "once" || mode == "exit") return run_to_its_end(rest);
    if (mode == "drop") return drop(rest);
    std::fprintf(stderr, "usage: launch next|tick|once|exit|drop COMMAND...\n");
    return 2;
}
