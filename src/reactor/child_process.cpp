#include "reactor/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill() is POSIX's
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <utility>

#include "reactor/timer.h"
#include "reactor/uv_handle.h"
#include "reactor/wakeup.h"

namespace fas::reactor {

namespace {

Error invalid(std::string_view code, std::string message) {
    return make_error(ErrorKind::invalid, code, std::move(message));
}

Error cannot_start(std::string_view program, std::string_view why) {
    return invalid("CannotStart", fmt::format("cannot start {}: {}", program, why));
}

// Libraries open descriptors that programs would inherit, libcurl among them, and this process may
// have inherited some itself. The kernels that Lambda runs on lack CLOSE_RANGE_CLOEXEC
// (Linux 5.11).
std::error_code close_all_on_exec() {
    std::error_code failed;
    std::filesystem::directory_iterator entry("/proc/self/fd", failed);
    for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
        const std::string name = entry->path().filename();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (descriptor > STDERR_FILENO) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    }
    return failed;
}

class Child {
  public:
    // Wakes `ended` when the program has ended, with all of its output there, or has printed more
    // than `out_bytes_max`.
    Child(uv_loop_t* loop, std::size_t out_bytes_max, Wakeup& ended)
        : loop_(loop), out_bytes_max_(out_bytes_max), ended_(ended) {}
    ~Child() {
        if (running_) kill_and_reap();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // At most once. Errors: "CannotStart".
    Result<void> start(std::vector<std::string>& arguments);

    bool complete() const { return started_ && !running_ && out_closed_; }
    bool too_much() const { return too_much_; }
    ChildOutput take_output() { return {exit_status_, std::move(out_)}; }

  private:
    static void on_exit(uv_process_t* process, std::int64_t status, int signal);
    static void on_buffer(uv_handle_t* pipe, std::size_t, uv_buf_t* buffer);
    static void on_read(uv_stream_t* pipe, ssize_t count, const uv_buf_t* buffer);

    int open_pipe(uv_file& for_child);
    int spawn(std::vector<std::string>& arguments, uv_file stdout_of_child);
    void kill_and_reap();

    uv_loop_t* loop_;
    std::size_t out_bytes_max_;
    Wakeup& ended_;

    UvHandle<uv_process_t> process_;
    UvHandle<uv_pipe_t> pipe_;
    std::array<char, 4096> buffer_{};
    std::string out_;
    int exit_status_ = 0;
    bool started_ = false;
    bool running_ = false;
    bool out_closed_ = false;
    bool too_much_ = false;
};

Result<void> Child::start(std::vector<std::string>& arguments) {
    const auto holds_nul = [](const std::string& text) { return text.contains('\0'); };
    if (arguments.empty() || arguments.front().empty()) {
        return cannot_start("a program", "the command is empty");
    }
    if (std::ranges::any_of(arguments, holds_nul)) {
        return cannot_start("a program", "the command holds a NUL character");
    }
    const std::string& program = arguments.front();
    if (const std::error_code failed = close_all_on_exec()) {
        return cannot_start(program,
                            fmt::format("cannot list /proc/self/fd: {}", failed.message()));
    }
    uv_file for_child = -1;
    int failed = open_pipe(for_child);
    if (failed == 0) failed = spawn(arguments, for_child);
    if (for_child >= 0) ::close(for_child);
    if (failed != 0) return cannot_start(program, uv_strerror(failed));
    return {};
}

// A pipe rather than libuv's own socket pair: a script may open /dev/stdout, which Linux refuses
// for a socket.
int Child::open_pipe(uv_file& for_child) {
    std::array<uv_file, 2> ends{};
    if (const int failed = uv_pipe(ends.data(), UV_NONBLOCK_PIPE, 0); failed != 0) return failed;
    for_child = ends[1];
    pipe_.reset(new uv_pipe_t{});
    uv_pipe_init(loop_, pipe_.get(), 0);
    pipe_->data = this;
    if (const int failed = uv_pipe_open(pipe_.get(), ends[0]); failed != 0) {
        ::close(ends[0]);
        return failed;
    }
    auto* stream = reinterpret_cast<uv_stream_t*>(pipe_.get());
    return uv_read_start(stream, &Child::on_buffer, &Child::on_read);
}

int Child::spawn(std::vector<std::string>& arguments, uv_file stdout_of_child) {
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);

    std::array<uv_stdio_container_t, 3> stdio{};
    stdio[0].flags = UV_IGNORE;  // /dev/null
    stdio[1].flags = UV_INHERIT_FD;
    stdio[1].data.fd = stdout_of_child;
    stdio[2].flags = UV_INHERIT_FD;
    stdio[2].data.fd = STDERR_FILENO;

    uv_process_options_t options{};
    options.file = words.front();
    options.args = words.data();
    options.exit_cb = &Child::on_exit;
    options.stdio = stdio.data();
    options.stdio_count = static_cast<int>(stdio.size());

    process_.reset(new uv_process_t{});
    process_->data = this;
    const int failed = uv_spawn(loop_, process_.get(), &options);  // initialises it even so
    started_ = running_ = failed == 0;
    return failed;
}

void Child::on_exit(uv_process_t* process, std::int64_t status, int signal) {
    auto* child = static_cast<Child*>(process->data);
    child->running_ = false;
    child->exit_status_ = signal != 0 ? 128 + signal : static_cast<int>(status);
    if (child->complete()) child->ended_.wake();
}

void Child::on_buffer(uv_handle_t* pipe, std::size_t, uv_buf_t* buffer) {
    auto* child = static_cast<Child*>(pipe->data);
    *buffer = uv_buf_init(child->buffer_.data(), static_cast<unsigned>(child->buffer_.size()));
}

void Child::on_read(uv_stream_t* pipe, ssize_t count, const uv_buf_t* buffer) {
    auto* child = static_cast<Child*>(pipe->data);
    if (count < 0) {  // the end; reading a pipe knows no other failure
        uv_read_stop(pipe);
        child->out_closed_ = true;
        if (child->complete()) child->ended_.wake();
        return;
    }
    const auto bytes = static_cast<std::size_t>(count);
    if (bytes > child->out_bytes_max_ - child->out_.size()) {
        uv_read_stop(pipe);
        child->too_much_ = true;
        child->ended_.wake();
        return;
    }
    child->out_.append(buffer->base, bytes);
}

// Waits for the end here and now, which SIGKILL brings about at once: the owner may be on its way
// out, and the loop with it. libuv no longer looks for a process whose handle is being closed.
void Child::kill_and_reap() {
    ::kill(process_->pid, SIGKILL);
    while (::waitpid(process_->pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

Task<Result<ChildOutput>> run_child(std::reference_wrapper<Reactor> reactor,
                                    std::vector<std::string> arguments, std::size_t out_bytes_max,
                                    Scope scope) {
    const std::string program = arguments.empty() ? std::string() : arguments.front();
    if (!scope.over()) {
        Wakeup ended(reactor.get().ready());
        Child child(reactor.get().loop(), out_bytes_max, ended);
        const Result<void> started = child.start(arguments);
        if (!started) co_return started.error();
        const Timer timer(reactor.get().loop(), scope.deadline, ended);
        const std::stop_callback on_stop(scope.stop, WakeOnStop{&ended});
        co_await ended;
        if (child.too_much()) {
            co_return invalid("OutputTooLarge",
                              fmt::format("{} prints more than {} bytes", program, out_bytes_max));
        }
        if (child.complete()) co_return child.take_output();
    }
    co_return cancelled(scope, fmt::format("while running {}", program));
}

}  // namespace fas::reactor
