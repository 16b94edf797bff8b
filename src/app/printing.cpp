#include "app/printing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "app/complain.h"

namespace fas::app {

namespace {

// While the end waits for a reader, nothing else is to be done but to notice a signal.
constexpr Milliseconds look_for_signal_interval{20};

}  // namespace

// Reading only: a write to what was closed is to fail.
void prepare_outputs() {
    std::signal(SIGPIPE, SIG_IGN);
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
        if (::fcntl(descriptor, F_GETFD) < 0) ::open("/dev/null", O_RDONLY);
    }
}

ExitStatus refuse_output(std::error_code why) {
    complain(fmt::format("standard output could not be written: {}", why.message()));
    return exit_output_failed;
}

ExitStatus print(std::string_view text) {
    const Written written = write_to(STDOUT_FILENO, text);
    return written.error ? refuse_output(written.error) : exit_done;
}

reactor::Task<void> finish_outputs(Plumbing* plumbing, reactor::Scope scope) {
    for (Output* output : {&plumbing->out, &plumbing->err}) {
        while (!output->wait(look_for_signal_interval) && !scope.over()) {
            co_await plumbing->reactor.yield();
        }
    }
}

void OutputWatch::look() {
    Logger& log = plumbing_.log;
    if (const auto lines = plumbing_.out.take_dropped(); lines > 0) {
        log.write(LogLevel::warning, "lines for stdout were dropped: it could not be written",
                  {{"lines", lines}});
    }
    if (const auto lines = plumbing_.err.take_dropped(); lines > 0) {
        log.write(LogLevel::warning, "log lines were dropped: stderr could not be written",
                  {{"lines", lines}});
    }
    const std::error_code error = plumbing_.out.error();
    if (error && error != told_) {
        log.write(
            LogLevel::error,
            "stdout cannot be written: its lines are dropped until it can be, and scaling goes "
            "on",
            {{"error", error.message()}});
    }
    told_ = error;
}

ExitStatus with_outputs(Plumbing& plumbing, ExitStatus status) {
    bool written = true;
    for (Output* output : {&plumbing.out, &plumbing.err}) {
        written = output->wait(Milliseconds{0}) && !output->failed() && written;
    }
    if (const std::error_code error = plumbing.out.error()) return refuse_output(error);
    return status == exit_done && !written ? exit_output_failed : status;
}

}  // namespace fas::app
