// An hour of a fleet's life on simulated time: a thousand targets whose queues, services and stores
// fail, hang and answer late, while the configuration changes. The same seed gives the same life,
// to the bit, and whatever happens, what must never happen does not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/fleet.h"
#include "reactor/loop_time.h"
#include "scaling/backlog.h"

namespace fas::engine {
namespace {

constexpr std::size_t targets_at_start = 1'000;
constexpr std::size_t group_size = 10;
constexpr Milliseconds interval{15'000};
constexpr int sweeps = 240;
constexpr int sweeps_between_reloads = 20;
constexpr Tasks min_tasks{1};

class SimulatedClock final : public Clock {
  public:
    TimePoint now() const override {
        return start_ + std::chrono::floor<std::chrono::microseconds>(reactor::now() - began_);
    }

  private:
    TimePoint start_ = *parse_iso8601("2026-11-25T12:00:00Z");
    SteadyTime began_ = reactor::now();
};

// One service with its queue and its state.
struct Plant {
    std::string name;
    double messages = 0;
    double arrivals = 0;  // a sweep
    Tasks desired{5};
    std::int64_t max_tasks = 100;
    scaling::History history{scaling::Never{}, scaling::Never{}};
    std::optional<TimePoint> scaled_in;
};

struct SimulatedWorld {
    SimulatedWorld(reactor::Reactor& on, unsigned seed) : reactor(on), random(seed) {}

    bool chance(double probability) { return std::bernoulli_distribution{probability}(random); }
    int number(int from, int to) { return std::uniform_int_distribution{from, to}(random); }

    // Most answer soon, some late, a few never.
    reactor::Task<Result<void>> answer(const char* what, reactor::Scope scope) {
        const int kind = number(1, 1'000);
        const Milliseconds delay{kind <= 2    ? 3'600'000
                                 : kind <= 10 ? number(500, 8'000)
                                              : number(1, 40)};
        auto waited = co_await reactor.sleep_for(delay, std::move(scope));
        if (!waited) co_return waited.error();
        if (chance(0.02)) {
            co_return Error{.kind = ErrorKind::retryable,
                            .message = fmt::format("{} is down", what)};
        }
        co_return Result<void>{};
    }

    reactor::Reactor& reactor;
    std::mt19937 random;
    SimulatedClock clock;
    std::vector<std::string> wrong;  // what must never happen
};

class SimulatedQueue final : public QueueSource {
  public:
    SimulatedQueue(SimulatedWorld& world, std::shared_ptr<Plant> plant)
        : world_(world), plant_(std::move(plant)) {}
    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        auto answered = co_await world_.answer("the queue", std::move(scope));
        if (!answered) co_return answered.error();
        co_return scaling::QueueDepth{.visible = Messages{std::int64_t(plant_->messages)},
                                      .in_flight = Messages{0}};
    }

  private:
    SimulatedWorld& world_;
    std::shared_ptr<Plant> plant_;
};

class SimulatedService final : public ScaleTarget {
  public:
    SimulatedService(SimulatedWorld& world, std::shared_ptr<Plant> plant)
        : world_(world), plant_(std::move(plant)) {}
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope scope) override {
        auto answered = co_await world_.answer("ECS", std::move(scope));
        if (!answered) co_return answered.error();
        co_return scaling::ServiceState{plant_->desired, plant_->desired, Tasks{0}};
    }
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope scope) override {
        auto answered = co_await world_.answer("ECS", std::move(scope));
        if (!answered) co_return answered.error();
        co_return Tasks{0};
    }
    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope scope) override {
        auto answered = co_await world_.answer("ECS", std::move(scope));
        if (!answered) co_return answered.error();
        plant_->desired = desired;
        co_return std::string{"request"};
    }

  private:
    SimulatedWorld& world_;
    std::shared_ptr<Plant> plant_;
};

class SimulatedStore final : public StateStore {
  public:
    SimulatedStore(SimulatedWorld& world, std::shared_ptr<Plant> plant,
                   std::shared_ptr<bool> retired)
        : world_(world), plant_(std::move(plant)), retired_(std::move(retired)) {}
    reactor::Task<Recollection> read(scaling::Action, reactor::Scope scope) override {
        auto answered = co_await world_.answer("S3", std::move(scope));
        if (answered) co_return Recollection{plant_->history, false, {}};
        const scaling::Unknown unknown{answered.error().message};
        co_return Recollection{{unknown, unknown}, false, {answered.error()}};
    }
    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope scope) override {
        if (*retired_) world_.wrong.push_back(plant_->name + " was claimed by one that has gone");
        auto answered = co_await world_.answer("S3", std::move(scope));
        if (!answered) co_return answered.error();
        const bool out = action == scaling::Action::scale_out;
        (out ? plant_->history.scale_out : plant_->history.scale_in) = what;
        co_return Result<void>{};
    }
    reactor::Task<Result<void>> confirm(reactor::Scope scope) override {
        auto answered = co_await world_.answer("S3", std::move(scope));
        if (!answered) co_return answered.error();
        co_return Result<void>{};
    }

  private:
    SimulatedWorld& world_;
    std::shared_ptr<Plant> plant_;
    std::shared_ptr<bool> retired_;
};

class Simulation {
  public:
    explicit Simulation(unsigned seed) : world_(reactor_, seed) {
        for (std::size_t i = 0; i < targets_at_start; ++i) add_target();
        fleet_.set_groups(groups());
    }

    void run_an_hour() {
        reactor_.run(live());
        const auto lived = reactor::now() - began_;
        EXPECT_GE(lived, sweeps * interval);
        EXPECT_LT(lived, sweeps * interval + std::chrono::minutes{1});
    }

    const std::vector<std::string>& wrong() const { return world_.wrong; }
    std::uint64_t fingerprint() const { return fingerprint_; }

    std::size_t checks = 0;
    std::size_t failed = 0;
    std::size_t scaled_out = 0;
    std::size_t scaled_in = 0;
    std::size_t passed_over = 0;

  private:
    struct Entry {
        std::shared_ptr<Plant> plant;
        std::shared_ptr<bool> retired = std::make_shared<bool>(false);
        std::shared_ptr<FleetMember> member;
    };

    Target target(const Entry& entry) {
        const std::shared_ptr<Plant>& plant = entry.plant;
        Target target;
        target.name = plant->name;
        target.mind.policy = std::make_shared<scaling::BacklogPolicy>(
            scaling::BacklogParameters{.target_messages_per_task = 10});
        target.mind.rules = {.min_tasks = min_tasks, .max_tasks = Tasks{plant->max_tasks}};
        target.mind.behavior.scale_in.stabilization_window = Seconds{60};
        auto queue = std::make_shared<SharedQueue>(std::make_unique<SimulatedQueue>(world_, plant),
                                                   plant->name, reactor_);
        target.queues = TargetQueues{{{std::move(queue)}}};
        target.service = std::make_unique<SimulatedService>(world_, plant);
        target.state = std::make_unique<SimulatedStore>(world_, plant, entry.retired);
        target.state_read = StateRead::when_needed;
        return target;
    }

    void add_target() {
        auto plant = std::make_shared<Plant>();
        plant->name = fmt::format("shop/{}", made_++);
        add_target(std::move(plant));
    }

    void add_target(std::shared_ptr<Plant> plant) {
        Entry entry{.plant = std::move(plant)};
        entry.member = std::make_shared<FleetMember>(target(entry), reactor_, world_.clock, false);
        entries_.push_back(std::move(entry));
    }

    // Some targets go, some of these come back as others come, some are configured anew.
    void reload() {
        for (int i = 0; i < 20; ++i) {
            const auto gone = entries_.begin() + world_.number(0, int(entries_.size()) - 1);
            gone->member->autoscaler.retire();
            *gone->retired = true;
            const std::shared_ptr<Plant> plant = gone->plant;
            entries_.erase(gone);
            if (i % 2 == 0) {
                add_target();
            } else {
                add_target(plant);
            }
        }
        for (int i = 0; i < 100; ++i) {
            Entry& entry = entries_[std::size_t(world_.number(0, int(entries_.size()) - 1))];
            entry.plant->max_tasks = world_.number(50, 150);
            entry.member->autoscaler.reconfigure(target(entry), true);
        }
        fleet_.set_groups(groups());
    }

    std::vector<FleetGroup> groups() const {
        std::vector<FleetGroup> groups;
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            if (i % group_size == 0) groups.emplace_back();
            groups.back().push_back(entries_[i].member);
        }
        return groups;
    }

    void work() {
        for (const Entry& entry : entries_) {
            Plant& plant = *entry.plant;
            if (world_.chance(0.02)) plant.arrivals = world_.number(0, 800);
            const double done = double(plant.desired.value) * 8;
            plant.messages = std::max(0.0, plant.messages + plant.arrivals - done);
        }
    }

    reactor::Task<void> live() {
        SteadyTime next = reactor::now();
        for (int i = 1; i <= sweeps; ++i) {
            work();
            if (i % sweeps_between_reloads == 0) reload();
            const Fleet::Sweep sweep{interval * 8 / 10, reactor::Scope{}, reactor::Scope{}};
            passed_over += co_await fleet_.sweep(sweep);
            next += interval;
            const auto pause = std::chrono::ceil<Milliseconds>(next - reactor::now());
            const auto rested = co_await reactor_.sleep_for(pause, reactor::Scope{});
            static_cast<void>(rested);
        }
        co_await fleet_.finish();
    }

    void note(const CheckReport& report) {
        ++checks;
        failed += report.failed() ? 1 : 0;
        remember(fmt::format("{} {} {} {}", report.target, report.time.time_since_epoch().count(),
                             report.changed, report.errors.size()));
        if (!report.changed) return;
        const scaling::Decision& decision = *report.decision;
        remember(fmt::format("{} {}", decision.desired.value, decision.reason));
        const bool in = decision.action == scaling::Action::scale_in;
        ++(in ? scaled_in : scaled_out);
        if (decision.desired < min_tasks) world_.wrong.push_back("too few: " + decision.reason);
        if (in) look_at_scale_in(report);
    }

    void look_at_scale_in(const CheckReport& report) {
        if (report.queue_unreadable || !report.queue.visible) {
            world_.wrong.push_back(report.target + " was scaled in on an unknown queue");
        }
        const auto entry = std::ranges::find(entries_, report.target,
                                             [](const Entry& each) { return each.plant->name; });
        if (entry == entries_.end()) return;  // it has been taken out since its claim
        // A check may take long: what counts is when it claimed the action.
        const auto& claim = std::get<scaling::ScalingAction>(entry->plant->history.scale_in);
        auto& last = entry->plant->scaled_in;
        if (last && claim.at - *last < std::chrono::seconds{120}) {
            world_.wrong.push_back(report.target + " was scaled in twice in its cooldown");
        }
        last = claim.at;
    }

    // FNV-1a.
    void remember(std::string_view text) {
        for (const char c : text) {
            fingerprint_ = (fingerprint_ ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
        }
    }

    reactor::SimulatedTime time_;  // first: all of it lives in this time
    SteadyTime began_ = reactor::now();
    reactor::Reactor reactor_;
    SimulatedWorld world_;
    int made_ = 0;
    std::vector<Entry> entries_;
    std::uint64_t fingerprint_ = 14'695'981'039'346'656'037U;
    Fleet fleet_{reactor_, FleetLimits{}, [this](const CheckReport& report) { note(report); }};
};

TEST(FleetSimulation, AnHourOfAThousandTargetsIsTheSameForASeedToTheBit) {
    std::vector<std::uint64_t> lives;
    for (const unsigned seed : {1U, 1U, 2U}) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Simulation simulation{seed};
        simulation.run_an_hour();
        EXPECT_THAT(simulation.wrong(), testing::IsEmpty());
        EXPECT_GT(simulation.checks, targets_at_start * sweeps * 95 / 100);
        EXPECT_GT(simulation.failed, 10'000U);
        EXPECT_GT(simulation.scaled_out, 1'000U);
        EXPECT_GT(simulation.scaled_in, 1'000U);
        EXPECT_GT(simulation.passed_over, 0U);
        lives.push_back(simulation.fingerprint());
    }
    EXPECT_EQ(lives[0], lives[1]);
    EXPECT_NE(lives[0], lives[2]);
}

}  // namespace
}  // namespace fas::engine
