#include "app/check_command.h"

#include "app/check_log.h"
#include "app/check_printer.h"
#include "app/complain.h"
#include "app/fleet_targets.h"
#include "app/wired_fleet.h"
#include "reactor/signals.h"

namespace fas::app {

namespace {

// How many targets could not be checked before a signal came.
reactor::Task<std::size_t> check_all(FleetTargets* targets, WiredFleet* wired,
                                     const reactor::SignalWatcher* signals) {
    const reactor::Scope until_stopped{signals->finish()};
    const reactor::Scope checks{signals->abort()};
    co_await targets->discover(&wired->accounts(), until_stopped);
    wired->set_targets(targets->targets(), targets->state_read());
    const engine::Fleet::Sweep sweep{Milliseconds{0}, until_stopped, checks};
    const std::size_t unchecked = co_await wired->fleet().sweep(sweep);
    co_await wired->fleet().finish();
    co_return unchecked;
}

}  // namespace

ExitStatus check_once(const CommandLine& line, FleetSettings settings, Plumbing& plumbing) {
    CheckPrinter printer{line.json, settings.listed};
    bool failed = false;
    const auto report = [&](const engine::CheckReport& one) {
        printer.print(one);
        log_check(plumbing.log, one);
        failed = failed || one.failed();
    };
    const auto wired = WiredFleet::make(settings.process, plumbing, line.dry_run, report);
    if (!wired) {
        complain(wired.error().message);
        return exit_usage;
    }
    FleetTargets targets{plumbing.log};
    targets.set_configuration(std::move(settings));
    targets.set_shard(line.shard);
    const reactor::SignalWatcher signals{plumbing.reactor};
    const auto unchecked = plumbing.reactor.run(check_all(&targets, wired->get(), &signals));
    printer.end_of_sweep(plumbing.clock.now());
    return failed || unchecked > 0 || targets.discovery_failed() ? exit_check_failed : exit_done;
}

}  // namespace fas::app
