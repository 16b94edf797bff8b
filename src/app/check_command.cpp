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

// Sweeps begin at multiples of the interval. A target whose check takes longer is passed over until
// it has ended.
reactor::Task<void> sweep_until_stopped(engine::Fleet* fleet, Plumbing* plumbing,
                                        const reactor::SignalWatcher* signals,
                                        Milliseconds interval) {
    const reactor::Scope until_stopped{signals->finish()};
    const reactor::Scope checks{signals->abort()};
    SteadyTime next = std::chrono::steady_clock::now();
    while (!signals->finish().stop_requested()) {
        const engine::Fleet::Sweep sweep{spread_of(interval), until_stopped, checks};
        co_await fleet->sweep(sweep);
        const SteadyTime now = std::chrono::steady_clock::now();
        do {
            next += interval;
        } while (next < now);
        const auto pause = std::chrono::ceil<Milliseconds>(next - now);
        const auto rested = co_await plumbing->reactor.sleep_for(pause, until_stopped);
        if (!rested) break;
    }
    co_await fleet->finish();
}

ExitStatus refuse(const Error& error) {
    fmt::print(stderr, "fast-autoscaler: {}\n", error.message);
    return exit_usage;
}

}  // namespace

// One sweep at once, to its end.
reactor::Task<void> sweep_once(engine::Fleet* fleet, const reactor::SignalWatcher* signals) {
    const reactor::Scope until_stopped{signals->finish()};
    const reactor::Scope checks{signals->abort()};
    const engine::Fleet::Sweep sweep{Milliseconds{0}, until_stopped, checks};
    co_await fleet->sweep(sweep);
    co_await fleet->finish();
}

}  // namespace

ExitStatus check_once(const CommandLine& line, const FleetSettings& settings, Plumbing& plumbing) {
    Printer printer{line.json, settings};
    bool failed = false;
    const auto report = [&](const engine::CheckReport& one) {
        printer.print(one);
        log_check(plumbing.log, one);
        failed = failed || one.failed();
    };
    const auto wired = WiredFleet::make(settings.process, plumbing, line.dry_run, report);
    if (!wired) return refuse(wired.error());
    (*wired)->set_targets(settings.targets, recall_of(settings));
    const reactor::SignalWatcher signals{plumbing.reactor};
    plumbing.reactor.run(sweep_once(&(*wired)->fleet(), &signals));
    return failed ? exit_check_failed : exit_done;
}

ExitStatus run_daemon(const CommandLine& line, const FleetSettings& settings, Plumbing& plumbing) {
    Printer printer{line.json, settings};
    const auto report = [&](const engine::CheckReport& one) {
        printer.print(one);
        log_check(plumbing.log, one);
    };
    const auto wired = WiredFleet::make(settings.process, plumbing, line.dry_run, report);
    if (!wired) return refuse(wired.error());
    (*wired)->set_targets(settings.targets, recall_of(settings));
    const reactor::SignalWatcher signals{plumbing.reactor};
    plumbing.reactor.run(
        sweep_until_stopped(&(*wired)->fleet(), &plumbing, &signals, line.interval));
    return exit_done;
}

}  // namespace fas::app
