#include "app/daemon.h"

#include <utility>

#include "app/check_log.h"
#include "app/check_printer.h"
#include "app/complain.h"
#include "app/live_fleet.h"
#include "app/printing.h"
#include "app/watchdog.h"
#include "reactor/event.h"
#include "reactor/signals.h"
#include "reactor/when_all.h"

namespace fas::app {

namespace {

// A look for a new configuration, or for services, must not go on for ever.
constexpr Milliseconds look_time_max{60'000};

constexpr Milliseconds say_interval{1'000};

// The last lines are not worth more time than that, if nobody reads them.
constexpr Milliseconds last_lines_time_max{1'000};

// Groups of targets are spread over this share of the interval, so that they do not beat together.
// The rest is for the last of them to end in.
Milliseconds spread_over(Milliseconds interval) { return interval * 8 / 10; }

class Daemon {
  public:
    Daemon(const CommandLine& line, LiveConfiguration configuration, Plumbing& plumbing, bool fleet)
        : interval_(line.interval),
          configuration_(std::move(configuration)),
          plumbing_(plumbing),
          printer_(line.json, fleet, plumbing.out),
          output_watch_(plumbing),
          signals_(plumbing.reactor),
          until_stopped_{signals_.finish()},
          hangup_(plumbing.reactor),
          on_hangup_(plumbing.reactor, hangup_),
          look_for_tags_(plumbing.reactor),
          other_targets_(plumbing.reactor),
          manager_(plumbing.environment),
          watchdog_(plumbing.reactor, plumbing.err, manager_) {}

    Result<void> prepare(FleetSettings settings, const CommandLine& line);
    reactor::Task<void> run();

  private:
    reactor::Task<Result<void>> sweep_every_interval();
    reactor::Task<Result<void>> follow_configuration();
    reactor::Task<Result<void>> say_what_lasts();
    reactor::Task<Result<void>> follow_tags();
    reactor::Task<Result<void>> follow_other_masters();
    reactor::Task<bool> rest(Milliseconds pause);
    void take_configuration();
    void take_targets();

    Milliseconds interval_;
    LiveConfiguration configuration_;
    Plumbing& plumbing_;
    CheckPrinter printer_;
    OutputWatch output_watch_;
    reactor::SignalWatcher signals_;
    reactor::Scope until_stopped_;
    reactor::Event hangup_;  // the configuration is to be looked at now
    reactor::HangupWatcher on_hangup_;
    reactor::Event look_for_tags_;  // at once, for what is discovered may be other services now
    reactor::Event other_targets_;  // than before
    std::unique_ptr<LiveFleet> fleet_;
    std::size_t passed_over_ = 0;  // by the last sweep
    ServiceManager manager_;
    Watchdog watchdog_;
};

Result<void> Daemon::prepare(FleetSettings settings, const CommandLine& line) {
    const auto report = [this](const engine::CheckReport& one) {
        printer_.print(one);
        plumbing_.troubles.note("target", one.target, one.errors, reactor::now());
        log_decision(plumbing_.log, one);
    };
    auto fleet = LiveFleet::make(std::move(settings), line.shard, plumbing_, line.dry_run, report);
    if (!fleet) return fleet.error();
    fleet_ = std::move(*fleet);
    take_targets();
    return {};
}

reactor::Task<void> Daemon::run() {
    auto sweeps = sweep_every_interval();
    auto configuration = follow_configuration();
    auto tags = follow_tags();
    auto masters = follow_other_masters();
    auto log = say_what_lasts();
    auto beats = watchdog_.beat(until_stopped_);
    manager_.ready();
    co_await reactor::when_all(std::move(sweeps), std::move(configuration), std::move(tags),
                               std::move(masters), std::move(log), std::move(beats));
    manager_.stopping();
    const reactor::Scope until_aborted{signals_.abort()};
    co_await fleet_->finish(true, until_aborted);
    co_await finish_outputs(&plumbing_, until_aborted.within(last_lines_time_max));
}

// Sweeps begin at multiples of the interval. A target whose check takes longer is passed over until
// it has ended.
reactor::Task<Result<void>> Daemon::sweep_every_interval() {
    const reactor::Scope checks{signals_.abort()};
    SteadyTime next = reactor::now();
    while (!signals_.finish().stop_requested()) {
        const engine::Fleet::Sweep sweep{spread_over(interval_), until_stopped_, checks};
        const std::size_t passed_over = co_await fleet_->sweep(sweep);
        fleet_->keep_memories_beside();
        printer_.end_of_sweep(plumbing_.clock.now());
        if (passed_over > passed_over_ && !signals_.finish().stop_requested()) {
            plumbing_.log.write(LogLevel::warning,
                                "targets were passed over: their checks are slow",
                                {{"targets", static_cast<std::int64_t>(passed_over)}});
        }
        passed_over_ = passed_over;
        const SteadyTime now = reactor::now();
        do {
            next += interval_;
        } while (next < now);
        const bool rested = co_await rest(std::chrono::ceil<Milliseconds>(next - now));
        if (!rested) break;
    }
    co_return Result<void>{};
}

// False when a signal has ended it.
reactor::Task<bool> Daemon::rest(Milliseconds pause) {
    const auto rested = co_await plumbing_.reactor.sleep_for(pause, until_stopped_);
    co_return rested.has_value();
}

reactor::Task<Result<void>> Daemon::say_what_lasts() {
    bool rested = true;
    while (rested) {
        rested = co_await rest(say_interval);
        plumbing_.troubles.say(reactor::now());
        output_watch_.look();
    }
    co_return Result<void>{};
}

reactor::Task<Result<void>> Daemon::follow_configuration() {
    while (configuration_.can_change()) {
        const auto pause =
            std::chrono::ceil<Milliseconds>(fleet_->configuration().process.config_interval);
        const auto asked = co_await hangup_.wait(until_stopped_.within(pause));
        if (signals_.finish().stop_requested()) break;
        if (asked) manager_.reloading();  // or it is time
        const auto changed = co_await configuration_.look(until_stopped_.within(look_time_max));
        if (changed && *changed) take_configuration();
        if (asked) manager_.ready();
    }
    co_return Result<void>{};
}

reactor::Task<Result<void>> Daemon::follow_tags() {
    while (!signals_.finish().stop_requested()) {
        if (fleet_->discovers()) {
            const bool changed = co_await fleet_->discover(until_stopped_.within(look_time_max));
            if (changed) take_targets();
        }
        const auto pause =
            std::chrono::ceil<Milliseconds>(fleet_->configuration().process.discover_interval);
        const auto asked = co_await look_for_tags_.wait(until_stopped_.within(pause));
        static_cast<void>(asked);  // or it is time
    }
    co_return Result<void>{};
}

reactor::Task<Result<void>> Daemon::follow_other_masters() {
    while (!signals_.finish().stop_requested()) {
        const bool some = co_await fleet_->look_for_other_masters(until_stopped_);
        if (some) continue;  // others may have come meanwhile
        const auto asked = co_await other_targets_.wait(until_stopped_);
        static_cast<void>(asked);  // or a signal has come
    }
    co_return Result<void>{};
}

void Daemon::take_configuration() {
    auto read = configuration_.read(Purpose::check);
    auto* settings = std::get_if<FleetSettings>(&read);
    if (settings == nullptr || *settings == fleet_->configuration()) return;
    const ProcessSettings& old = fleet_->configuration().process;
    if (settings->process.sso_profile != old.sso_profile) {
        plumbing_.log.write(LogLevel::warning,
                            "sso_profile has changed: that takes effect with a restart", {});
    }
    plumbing_.log.set_threshold(settings->process.log_level);
    if (fleet_->configure(std::move(*settings), fleet_->shard())) take_targets();
    look_for_tags_.notify_all();
    plumbing_.log.write(LogLevel::info, "the configuration has changed",
                        {{"where", configuration_.where()},
                         {"targets", static_cast<std::int64_t>(fleet_->size())}});
}

// Forgets those that there are no more.
void Daemon::take_targets() {
    other_targets_.notify_all();
    const auto is_one = [this](const std::string& name) { return fleet_->target(name) != nullptr; };
    printer_.keep_only(is_one, fleet_->size());
    plumbing_.troubles.keep_only("target", is_one);
}

}  // namespace

ExitStatus run_daemon(const CommandLine& line, FleetSettings settings,
                      LiveConfiguration configuration, Plumbing& plumbing) {
    Daemon daemon{line, std::move(configuration), plumbing, settings.listed};
    if (const auto prepared = daemon.prepare(std::move(settings), line); !prepared) {
        complain(prepared.error().message);
        return exit_usage;
    }
    plumbing.reactor.run(daemon.run());
    return exit_done;
}

}  // namespace fas::app
