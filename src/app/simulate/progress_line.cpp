#include "app/simulate/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace fas::app {

namespace {

constexpr std::chrono::milliseconds first_after{1000};
constexpr std::chrono::milliseconds apart{200};
constexpr std::string_view to_the_beginning_and_clear = "\r\x1b[K";

void write(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

}  // namespace

ProgressLine::ProgressLine()
    : is_terminal_(::isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + first_after) {}

ProgressLine::~ProgressLine() {
    if (shown_) write(to_the_beginning_and_clear);
}

simulation::Progress ProgressLine::of(std::string name) {
    if (!is_terminal_) return {};
    return [this, name = std::move(name)](double share) { show(name, share); };
}

void ProgressLine::show(const std::string& name, double share) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + apart;
    shown_ = true;
    write(fmt::format("{}simulating {}: {:.0f} %", to_the_beginning_and_clear, name, share * 100));
}

}  // namespace fas::app
