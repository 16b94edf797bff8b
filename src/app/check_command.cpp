#include "app/check_command.h"

#include "app/check_log.h"
#include "app/check_printer.h"
#include "app/complain.h"
#include "app/live_fleet.h"
#include "app/printing.h"
#include "reactor/signals.h"

namespace fas::app {

namespace {

// Who asks what would be done waits so long to hear who else does it.
constexpr Milliseconds masters_time_max{5'000};

// How many targets could not be checked before a signal came.
reactor::Task<std::size_t> check_all(LiveFleet* fleet, const reactor::SignalWatcher* signals,
                                     bool dry_run) {
    const reactor::Scope until_stopped{signals->finish()};
    const reactor::Scope checks{signals->abort()};
    co_await fleet->discover(until_stopped);
    const engine::Fleet::Sweep sweep{Milliseconds{0}, until_stopped, checks,
                                     engine::Fleet::Slow::waited_for};
    const std::size_t unchecked = co_await fleet->sweep(sweep);
    if (dry_run) co_await fleet->look_for_other_masters(until_stopped.within(masters_time_max));
    co_await fleet->finish(true, checks);
    co_return unchecked;
}

}  // namespace

ExitStatus check_once(const CommandLine& line, FleetSettings settings, Plumbing& plumbing) {
    CheckPrinter printer{line.json, settings.listed, plumbing.out};
    bool failed = false;
    const auto report = [&](const engine::CheckReport& one) {
        printer.print(one);
        log_errors(plumbing.log, one);
        log_decision(plumbing.log, one);
        failed = failed || one.failed();
    };
    const auto fleet =
        LiveFleet::make(std::move(settings), line.shard, plumbing, line.dry_run, report);
    if (!fleet) {
        complain(fleet.error().message);
        return exit_usage;
    }
    const reactor::SignalWatcher signals{plumbing.reactor};
    const auto unchecked = plumbing.reactor.run(check_all(fleet->get(), &signals, line.dry_run));
    printer.end_of_sweep(plumbing.clock.now());
    plumbing.reactor.run(finish_outputs(&plumbing, reactor::Scope{signals.finish()}));
    if (!(*fleet)->configuration().refused.empty()) return exit_usage;
    return failed || unchecked > 0 || (*fleet)->discovery_failed() ? exit_check_failed : exit_done;
}

}  // namespace fas::app
