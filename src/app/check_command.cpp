#include "app/check_command.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "app/check_log.h"
#include "app/report_json.h"
#include "app/report_table.h"
#include "app/wiring.h"
#include "reactor/signals.h"

namespace fas::app {

namespace {

constexpr Milliseconds check_time_max{30'000};

std::size_t terminal_width() {
    constexpr std::size_t fallback = 100;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return fallback;
    return size.ws_col;
}

// Prints reports as the reader of stdout wants them.
class Printer {
  public:
    explicit Printer(bool json)
        : as_json_(json || isatty(STDOUT_FILENO) == 0), table_(terminal_width()) {}

    void print(const engine::CheckReport& report) {
        const std::string text = as_json_ ? report_json(report) + "\n" : table_.row(report);
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }

  private:
    bool as_json_;
    ReportTable table_;
};

reactor::Scope check_scope(const reactor::SignalWatcher& signals) {
    return reactor::Scope{signals.abort()}.within(check_time_max);
}

// Checks start at multiples of the interval; one that takes longer skips the starts it missed.
reactor::Task<void> check_until_stopped(WiredAutoscaler* autoscaler, Plumbing* plumbing,
                                        const reactor::SignalWatcher* signals, Printer* printer,
                                        Milliseconds interval) {
    const reactor::Scope pause_scope{signals->finish()};
    SteadyTime next = std::chrono::steady_clock::now();
    while (!signals->finish().stop_requested()) {
        const auto report = co_await autoscaler->check(check_scope(*signals));
        printer->print(report);
        log_check(plumbing->log, report);

        const SteadyTime now = std::chrono::steady_clock::now();
        do {
            next += interval;
        } while (next < now);
        const auto pause = std::chrono::ceil<Milliseconds>(next - now);
        const auto rested = co_await plumbing->reactor.sleep_for(pause, pause_scope);
        if (!rested) co_return;
    }
}

ExitStatus refuse(const Error& error) {
    fmt::print(stderr, "fast-autoscaler: {}\n", error.message);
    return exit_usage;
}

}  // namespace

ExitStatus check_once(const CommandLine& line, const FleetSettings& fleet, Plumbing& plumbing) {
    const auto autoscaler =
        WiredAutoscaler::make(fleet.process, fleet.targets.front(), plumbing, line.dry_run);
    if (!autoscaler) return refuse(autoscaler.error());
    const reactor::SignalWatcher signals{plumbing.reactor};
    const auto report = plumbing.reactor.run((*autoscaler)->check(check_scope(signals)));
    Printer{line.json}.print(report);
    log_check(plumbing.log, report);
    return report.failed() ? exit_check_failed : exit_done;
}

ExitStatus run_daemon(const CommandLine& line, const FleetSettings& fleet, Plumbing& plumbing) {
    const auto autoscaler =
        WiredAutoscaler::make(fleet.process, fleet.targets.front(), plumbing, line.dry_run);
    if (!autoscaler) return refuse(autoscaler.error());
    const reactor::SignalWatcher signals{plumbing.reactor};
    Printer printer{line.json};
    plumbing.reactor.run(
        check_until_stopped(autoscaler->get(), &plumbing, &signals, &printer, line.interval));
    return exit_done;
}

}  // namespace fas::app
