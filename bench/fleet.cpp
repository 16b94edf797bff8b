// How fast one process checks a fleet: the program's own fleet over TLS, with targets made here,
// whose checks all hold.
//
//   fleet_bench rate TARGETS SECONDS          sweeps back to back, after one that is not counted
//   fleet_bench sweeps TARGETS COUNT          that many sweeps and no more
//   fleet_bench spread TARGETS SWEEPS URL...  a sweep a second, as `run` has it, after one that is
//                                             not counted; queues at these SQS endpoints in turn
//
// A queue for ten services, 200 services a cluster. AWS is where AWS_ENDPOINT_URL_* say.
// Checks are printed on stdout as `run` prints them, the figures on stderr as one JSON object. Of
// `spread`, checks that failed are not in the durations; elsewhere one that fails ends it.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/check_log.h"
#include "app/check_printer.h"
#include "app/live_fleet.h"
#include "app/plumbing.h"

namespace {

using namespace fas;

constexpr std::size_t services_per_queue = 10;
constexpr std::size_t services_per_cluster = 200;
constexpr Milliseconds interval{1'000};
constexpr Milliseconds spread{800};  // as src/app/daemon.cpp has it

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "fleet_bench: %s\n", why.c_str());
    std::exit(1);
}

app::TargetSettings target_settings(std::size_t number) {
    app::TargetSettings settings;
    settings.region = "eu-west-1";
    settings.cluster_name = fmt::format("shop-{:03}", number / services_per_cluster);
    settings.service_name = fmt::format("worker-{:06}", number);
    settings.queues.front().options.set(
        "queue_url", fmt::format("https://sqs.eu-west-1.amazonaws.com/123456789012/orders-{:05}",
                                 number / services_per_queue));
    settings.s3_config_bucket = "shop-autoscaler-state";
    settings.policy = app::PolicyType::backlog;
    settings.backlog.target_messages_per_task = 10;  // the servers' numbers need what there is
    settings.rules.min_tasks = Tasks{1};
    return settings;
}

// What the checks said: printed as the program does, and counted.
class Reports {
  public:
    Reports(app::Plumbing& plumbing, bool failures_expected)
        : log_(plumbing.log),
          failures_expected_(failures_expected),
          printer_(true, true, plumbing.out) {}

    void add(const engine::CheckReport& report) {
        printer_.print(report);
        if (report.failed() && !failures_expected_) fail(report.errors.front().message);
        if (!report.failed() && report.decision->action != scaling::Action::hold) {
            fail("a check was not held: " + report.decision->reason);
        }
        if (!failures_expected_) app::log_decision(log_, report);
        if (report.failed()) {
            ++failed_;
        } else {
            durations_ms_.push_back(static_cast<float>(report.duration.count()) / 1e3F);
        }
    }

    void begin_anew() {
        durations_ms_.clear();
        failed_ = 0;
    }

    std::size_t succeeded() const { return durations_ms_.size(); }
    std::size_t failed() const { return failed_; }

    double percentile_ms(double share) {
        std::ranges::sort(durations_ms_);
        const auto count = static_cast<double>(durations_ms_.size());
        return durations_ms_.at(static_cast<std::size_t>(std::ceil(count * share)) - 1);
    }

  private:
    Logger& log_;
    bool failures_expected_;
    app::CheckPrinter printer_;
    std::vector<float> durations_ms_;
    std::size_t failed_ = 0;
};

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// The process's time until now, on the clock and on the processor.
struct Spent {
    std::chrono::duration<double> time = std::chrono::steady_clock::now().time_since_epoch();
    double cpu_seconds = [] {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }();
};

void print_figures(Reports& reports, const Spent& before, std::size_t passed_over) {
    const Spent now;
    fmt::print(
        stderr,
        "{{\"checks\": {}, \"failed\": {}, \"passed_over\": {}, \"seconds\": {:.6f}, "
        "\"cpu_seconds\": {:.6f}, \"p50_ms\": {:.3f}, \"p99_ms\": {:.3f}, \"rss_mib\": {:.2f}}}\n",
        reports.succeeded(), reports.failed(), passed_over, (now.time - before.time).count(),
        now.cpu_seconds - before.cpu_seconds, reports.percentile_ms(0.5),
        reports.percentile_ms(0.99), peak_mib());
}

reactor::Task<std::size_t> sweep_and_finish(app::LiveFleet* fleet) {
    const engine::Fleet::Sweep at_once{};
    const std::size_t passed_over = co_await fleet->sweep(at_once);
    const reactor::Scope until_done{};
    co_await fleet->finish(false, until_done);
    co_return passed_over;
}

// Gives how many checks were passed over.
reactor::Task<std::size_t> sweep_until(app::LiveFleet* fleet, SteadyTime end) {
    const engine::Fleet::Sweep at_once{};
    std::size_t passed_over = 0;
    do {
        passed_over += co_await fleet->sweep(at_once);
    } while (std::chrono::steady_clock::now() < end);
    const reactor::Scope until_done{};
    co_await fleet->finish(false, until_done);
    co_return passed_over;
}

reactor::Task<std::size_t> sweep_each_second(reactor::Reactor* reactor, engine::Fleet* fleet,
                                             std::size_t count, reactor::Scope scope) {
    const engine::Fleet::Sweep spread_out{spread, scope, scope};
    std::size_t passed_over = 0;
    SteadyTime next = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
        passed_over += co_await fleet->sweep(spread_out);
        next += interval;
        const auto now = std::chrono::steady_clock::now();
        const auto pause = std::chrono::ceil<Milliseconds>(std::max(next, now) - now);
        const auto rested = co_await reactor->sleep_for(pause, scope);
        if (!rested) fail("the sweeps were interrupted");
    }
    const auto ended =
        co_await reactor->sleep_for(interval, scope);  // what is late, but not hanging
    if (!ended) fail("the sweeps were interrupted");
    co_return passed_over;
}

std::unique_ptr<app::LiveFleet> live_fleet(std::size_t targets, app::Plumbing& plumbing,
                                           Reports& reports) {
    app::FleetSettings settings;
    settings.listed = true;
    for (std::size_t i = 0; i < targets; ++i) settings.targets.push_back(target_settings(i));
    const auto report = [&reports](const engine::CheckReport& one) { reports.add(one); };
    auto fleet = app::LiveFleet::make(std::move(settings), {}, plumbing, false, report);
    if (!fleet) fail(fleet.error().message);
    return std::move(*fleet);
}

void measure_rate(std::size_t targets, double at_least_s, app::Plumbing& plumbing) {
    Reports reports{plumbing, false};
    const auto fleet = live_fleet(targets, plumbing, reports);
    plumbing.reactor.run(sweep_and_finish(fleet.get()));
    reports.begin_anew();
    const Spent before;
    const SteadyTime end =
        std::chrono::steady_clock::now() + Milliseconds{static_cast<long>(at_least_s * 1000)};
    const std::size_t passed_over = plumbing.reactor.run(sweep_until(fleet.get(), end));
    print_figures(reports, before, passed_over);
}

void make_sweeps(std::size_t targets, std::size_t count, app::Plumbing& plumbing) {
    Reports reports{plumbing, false};
    const auto fleet = live_fleet(targets, plumbing, reports);
    const Spent before;
    std::size_t passed_over = 0;
    for (std::size_t i = 0; i < count; ++i) {
        passed_over += plumbing.reactor.run(sweep_and_finish(fleet.get()));
    }
    print_figures(reports, before, passed_over);
}

// A part of the fleet whose queues are at an endpoint of their own. One process has one endpoint
// for SQS in a region: so each part has an environment of its own, read when its accounts are made.
// Everything else, connections among it, is shared.
struct Part {
    Part(const std::string& sqs_url, app::Plumbing& plumbing) {
        const Environment its_own = [sqs_url](const char* name) {
            if (std::string_view{name} == "AWS_ENDPOINT_URL_SQS") return std::optional{sqs_url};
            return process_environment()(name);
        };
        plumbing.environment = its_own;
        auto made = app::AwsAccounts::make("", plumbing);
        if (!made) fail(made.error().message);
        accounts = std::move(*made);
        wiring = std::make_unique<app::Wiring>(*accounts, plumbing, false);
    }

    std::unique_ptr<app::AwsAccounts> accounts;
    std::unique_ptr<app::Wiring> wiring;
};

std::vector<engine::FleetGroup> grouped_by_part(std::span<Part> parts, std::size_t targets) {
    std::vector<engine::FleetGroup> groups(targets / services_per_queue);
    for (std::size_t i = 0; i < groups.size() * services_per_queue; ++i) {
        const Part& part = parts[i / services_per_queue * parts.size() / groups.size()];
        groups[i / services_per_queue].push_back(part.wiring->member(
            part.wiring->target(target_settings(i), engine::StateRead::when_needed)));
    }
    return groups;
}

void measure_spread(std::size_t targets, std::size_t sweeps, std::span<char*> urls,
                    app::Plumbing& plumbing) {
    plumbing.log = Logger{LogLevel::error};  // not each attempt's warning
    std::vector<Part> parts;
    parts.reserve(urls.size());
    for (const char* const url : urls) parts.emplace_back(url, plumbing);
    Reports reports{plumbing, true};
    const auto report = [&reports](const engine::CheckReport& one) { reports.add(one); };
    engine::Fleet fleet{plumbing.reactor, engine::FleetLimits{}, report};
    fleet.set_groups(grouped_by_part(parts, targets));

    std::stop_source stop;
    const reactor::Scope scope{.stop = stop.get_token()};
    plumbing.reactor.run(sweep_each_second(&plumbing.reactor, &fleet, 1, scope));
    reports.begin_anew();
    const Spent before;
    const std::size_t passed_over =
        plumbing.reactor.run(sweep_each_second(&plumbing.reactor, &fleet, sweeps, scope));
    print_figures(reports, before, passed_over);
    stop.request_stop();
    plumbing.reactor.run(fleet.finish());
}

}  // namespace

int main(int count, char** arguments) {
    const std::span<char*> words{arguments, static_cast<std::size_t>(count)};
    const std::string_view mode = count > 3 ? words[1] : "";
    const std::size_t targets = count > 3 ? std::strtoul(words[2], nullptr, 10) : 0;
    const double number = count > 3 ? std::atof(words[3]) : 0;
    app::Plumbing plumbing{process_environment()};
    if (mode == "rate" && targets > 0) {
        measure_rate(targets, number, plumbing);
    } else if (mode == "sweeps" && targets > 0) {
        make_sweeps(targets, static_cast<std::size_t>(number), plumbing);
    } else if (mode == "spread" && count > 4 && targets > 0) {
        measure_spread(targets, static_cast<std::size_t>(number), words.subspan(4), plumbing);
    } else {
        fail("usage: fleet_bench rate|sweeps|spread TARGETS NUMBER [URL...]");
    }
    return 0;
}
