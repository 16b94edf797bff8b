// Which checks a sweep starts, and what holds up what. The ports are stood in for, so that a test
// says which of them hang; the real ones are tested in tests/e2e.
#include "engine/fleet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "scaling/backlog.h"

namespace fas::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// Whose readings hang until they are let go, and what was read.
struct Readings {
    explicit Readings(reactor::Reactor& reactor) : let_go(reactor) {}

    std::set<std::string> hanging;
    reactor::Event let_go;
    std::vector<std::string> read;
    std::size_t reading = 0;
    std::size_t reading_most = 0;
};

class NamedQueue final : public QueueSource {
  public:
    NamedQueue(Readings& readings, reactor::Reactor& reactor, std::string name)
        : readings_(readings), reactor_(reactor), name_(std::move(name)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        readings_.read.push_back(name_);
        readings_.reading_most = std::max(readings_.reading_most, ++readings_.reading);
        Result<void> waited;
        if (readings_.hanging.contains(name_)) {
            waited = co_await readings_.let_go.wait(std::move(scope));
        } else {
            co_await reactor_.yield();
        }
        --readings_.reading;
        if (!waited) co_return waited.error();
        co_return scaling::QueueDepth{Messages{0}, Messages{0}};
    }

  private:
    Readings& readings_;
    reactor::Reactor& reactor_;
    std::string name_;
};

class IdleService final : public ScaleTarget {
  public:
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope) override {
        co_return scaling::ServiceState{Tasks{1}, Tasks{1}, Tasks{0}};
    }
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope) override { co_return Tasks{0}; }
    reactor::Task<Result<std::string>> set_desired(Tasks, reactor::Scope) override {
        co_return std::string{};
    }
};

class EmptyStore final : public StateStore {
  public:
    reactor::Task<Recollection> read(scaling::Action, reactor::Scope) override {
        co_return Recollection{};
    }
    reactor::Task<Result<void>> record(scaling::Action, scaling::ScalingAction,
                                       reactor::Scope) override {
        co_return Result<void>{};
    }
    reactor::Task<Result<void>> confirm(reactor::Scope) override { co_return Result<void>{}; }
};

class FleetTest : public ::testing::Test {
  protected:
    FleetTest() : readings_(reactor_) {
        limits_.slow_after = Milliseconds{20};
        limits_.check_time_max = Milliseconds{60'000};
    }

    FleetGroup group(const std::vector<std::string>& names) {
        FleetGroup group;
        for (const std::string& name : names) {
            Target target;
            target.name = name;
            target.mind.policy = std::make_shared<scaling::BacklogPolicy>(
                scaling::BacklogParameters{.target_messages_per_task = 10});
            target.mind.rules = {.min_tasks = Tasks{1}, .max_tasks = Tasks{100}};
            auto queue = std::make_shared<SharedQueue>(
                std::make_unique<NamedQueue>(readings_, reactor_, name), name, reactor_);
            target.queues = TargetQueues{{{std::move(queue)}}};
            target.service = std::make_unique<IdleService>();
            target.state = std::make_unique<EmptyStore>();
            group.push_back(
                std::make_shared<FleetMember>(std::move(target), reactor_, clock_, false));
        }
        return group;
    }

    Fleet fleet() {
        return Fleet{reactor_, limits_, [this](const CheckReport& report) {
                         reported_.push_back(report.target);
                         failed_[report.target] = report.failed();
                     }};
    }

    std::size_t sweep(Fleet& fleet, reactor::Scope starts = {}) {
        const Fleet::Sweep sweep{Milliseconds{0}, std::move(starts), {}};
        return reactor_.run(fleet.sweep(sweep));
    }

    void run_until_reported(std::size_t count) {
        while (reported_.size() < count) reactor_.run(reactor_.yield());
    }

    void let_go(Fleet& fleet) {
        readings_.let_go.notify_all();
        reactor_.run(fleet.finish());
    }

    reactor::Reactor reactor_;
    SystemClock clock_;
    Readings readings_;
    FleetLimits limits_;
    std::vector<std::string> reported_;
    std::map<std::string, bool> failed_;
};

TEST_F(FleetTest, ASweepChecksEachTargetOnce) {
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b"}), group({"c"})});
    EXPECT_EQ(sweep(fleet), 0U);
    reactor_.run(fleet.finish());
    EXPECT_THAT(reported_, ElementsAre("a", "b", "c"));
}

TEST_F(FleetTest, AGroupIsStartedTogether) {
    limits_.checks_at_once = 3;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b"}), group({"c", "d"})});
    sweep(fleet);
    EXPECT_EQ(readings_.reading_most, 2U) << "two and two do not fit into three";
    reactor_.run(fleet.finish());
    EXPECT_EQ(reported_.size(), 4U);
}

TEST_F(FleetTest, AGroupLargerThanTheLimitIsCheckedAllTheSame) {
    limits_.checks_at_once = 1;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b"})});
    EXPECT_EQ(sweep(fleet), 0U);
    reactor_.run(fleet.finish());
    EXPECT_EQ(reported_.size(), 2U);
}

TEST_F(FleetTest, ATargetThatHangsHoldsUpNobodyElse) {
    readings_.hanging = {"b"};
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b", "c"})});
    EXPECT_EQ(sweep(fleet), 0U);
    run_until_reported(2);
    EXPECT_EQ(sweep(fleet), 1U) << "its last check is still running";
    run_until_reported(4);
    EXPECT_THAT(reported_, UnorderedElementsAre("a", "c", "a", "c"));
    let_go(fleet);
    EXPECT_THAT(reported_.back(), "b");
}

TEST_F(FleetTest, ChecksThatHangGiveUpTheirPlaces) {
    readings_.hanging = {"a", "b"};
    limits_.checks_at_once = 2;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b"}), group({"c", "d"})});
    EXPECT_EQ(sweep(fleet), 0U);
    run_until_reported(2);
    EXPECT_THAT(reported_, UnorderedElementsAre("c", "d"));
    let_go(fleet);
}

TEST_F(FleetTest, SlowTargetsShareFewPlaces) {
    readings_.hanging = {"a", "b", "c"};
    limits_.checks_at_once = 3;
    limits_.slow_targets_at_once = 1;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b", "c", "d"}), group({"e"})});
    sweep(fleet);  // e waits until those that hang are slow
    run_until_reported(2);
    let_go(fleet);

    EXPECT_EQ(sweep(fleet), 2U) << "of three that were slow, one is checked";
    run_until_reported(7);
    EXPECT_EQ(readings_.reading, 1U);
    let_go(fleet);
}

// As in a function, whose first event found it cold.
TEST_F(FleetTest, ASweepThatWaitsForSlowTargetsChecksThemAll) {
    readings_.hanging = {"a", "b", "c"};
    limits_.checks_at_once = 3;
    limits_.slow_targets_at_once = 1;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b", "c"}), group({"d"})});
    sweep(fleet);  // d waits until those that hang are slow
    let_go(fleet);
    readings_.hanging.clear();
    readings_.reading_most = 0;

    const Fleet::Sweep patient{Milliseconds{0}, {}, {}, Fleet::Slow::waited_for};
    EXPECT_EQ(reactor_.run(fleet.sweep(patient)), 0U);
    reactor_.run(fleet.finish());
    EXPECT_EQ(reported_.size(), 8U);
    EXPECT_EQ(readings_.reading_most, 2U) << "the one that is not slow, and one of those that were";
}

TEST_F(FleetTest, ASweepThatWaitsForSlowTargetsEndsWithItsTime) {
    readings_.hanging = {"a", "b"};
    limits_.slow_targets_at_once = 1;
    limits_.checks_at_once = 2;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b"}), group({"c"})});
    sweep(fleet);
    let_go(fleet);

    const reactor::Scope starts = reactor::Scope{}.within(Milliseconds{50});
    const Fleet::Sweep patient{Milliseconds{0}, starts, {}, Fleet::Slow::waited_for};
    EXPECT_EQ(reactor_.run(fleet.sweep(patient)), 1U) << "the other one hangs";
    let_go(fleet);
}

TEST_F(FleetTest, ATargetThatIsFastAgainIsCheckedWithTheOthers) {
    readings_.hanging = {"a"};
    limits_.checks_at_once = 1;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a"}), group({"b"})});
    sweep(fleet);  // b waits until a is slow
    let_go(fleet);
    EXPECT_TRUE(fleet.groups().front().front()->slow);
    readings_.hanging.clear();
    EXPECT_EQ(sweep(fleet), 0U);
    reactor_.run(fleet.finish());
    EXPECT_FALSE(fleet.groups().front().front()->slow);
}

TEST_F(FleetTest, NothingIsStartedAfterItsEnd) {
    std::stop_source stop;
    stop.request_stop();
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a", "b"})});
    EXPECT_EQ(sweep(fleet, {stop.get_token()}), 2U);
    EXPECT_TRUE(readings_.read.empty());
}

TEST_F(FleetTest, TheOutageOfAllIsBounded) {
    readings_.hanging = {"a", "b", "c", "d"};
    limits_.checks_at_once = 1;
    limits_.checks_running_max = 2;
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a"}), group({"b"}), group({"c"}), group({"d"})});
    const reactor::Scope a_while = reactor::Scope{}.within(Milliseconds{500});
    EXPECT_EQ(sweep(fleet, a_while), 2U);
    EXPECT_EQ(readings_.reading, 2U);
    let_go(fleet);
}

TEST_F(FleetTest, TargetsThatAreTakenAwayEndTheirChecks) {
    readings_.hanging = {"a"};
    Fleet fleet = this->fleet();
    fleet.set_groups({group({"a"})});
    sweep(fleet);
    fleet.set_groups({group({"b"})});
    sweep(fleet);
    let_go(fleet);
    EXPECT_THAT(reported_, UnorderedElementsAre("a", "b"));
    EXPECT_FALSE(failed_["a"]);
}

}  // namespace
}  // namespace fas::engine
