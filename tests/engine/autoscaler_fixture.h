// An autoscaler whose ports are stood in for, so that a test can say when each answers; the real
// ones are tested in tests/e2e.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "engine/autoscaler.h"
#include "reactor/background.h"
#include "reactor/reactor.h"
#include "scaling/backlog.h"

namespace fas::engine {
// What the ports answer, and what was asked of them, in order.
struct World {
    Result<scaling::QueueDepth> queue = scaling::QueueDepth{Messages{100}, Messages{0}};
    std::optional<scaling::QueueDepth> queue_later;  // after the first answer
    Result<scaling::ServiceState> service =
        scaling::ServiceState{Tasks{10}, Tasks{10}, Tasks{0}, false};
    Recollection past{{scaling::Never{}, scaling::Never{}}, true, {}};
    Result<void> recorded;
    Result<void> confirmed;
    Result<Tasks> protected_tasks = Tasks{0};
    Result<std::string> updated = std::string{"request-7"};
    std::vector<std::string> calls;
    scaling::ScalingAction last_recorded;
    std::function<void()> while_reading_the_service = [] {};
    std::function<void()> while_recording = [] {};
    std::function<void()> while_asking_for_protection = [] {};
};

class FakeQueue final : public QueueSource {
  public:
    FakeQueue(World& world, reactor::Reactor& reactor) : world_(world), reactor_(reactor) {}
    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope) override {
        world_.calls.emplace_back("queue asked");
        co_await reactor_.yield();
        world_.calls.emplace_back("queue answered");
        const Result<scaling::QueueDepth> depth = world_.queue;
        if (world_.queue_later) world_.queue = *world_.queue_later;
        co_return depth;
    }

  private:
    World& world_;
    reactor::Reactor& reactor_;
};

class FakeService final : public ScaleTarget {
  public:
    FakeService(World& world, reactor::Reactor& reactor) : world_(world), reactor_(reactor) {}
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope) override {
        world_.calls.emplace_back("service asked");
        co_await reactor_.yield();
        world_.while_reading_the_service();
        world_.calls.emplace_back("service answered");
        co_return world_.service;
    }
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope) override {
        world_.calls.emplace_back("protection asked");
        world_.while_asking_for_protection();
        co_return world_.protected_tasks;
    }
    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope) override {
        world_.calls.push_back("set " + std::to_string(desired.value));
        co_return world_.updated;
    }

  private:
    World& world_;
    reactor::Reactor& reactor_;
};

class FakeStore final : public StateStore {
  public:
    explicit FakeStore(World& world) : world_(world) {}
    reactor::Task<Recollection> read(scaling::Action action, reactor::Scope) override {
        world_.calls.emplace_back(action == scaling::Action::scale_in ? "state read for a scale-in"
                                                                      : "state read");
        co_return world_.past;
    }
    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope) override {
        world_.calls.push_back("recorded " + std::string{scaling::to_string(action)});
        world_.last_recorded = what;
        world_.while_recording();
        co_return world_.recorded;
    }
    reactor::Task<Result<void>> confirm(reactor::Scope) override {
        world_.calls.emplace_back("confirmed");
        co_return world_.confirmed;
    }

  private:
    World& world_;
};

class FixedClock final : public Clock {
  public:
    TimePoint now() const override { return time; }

    TimePoint time = *from_epoch_seconds(1'700'000'000);
};

inline Error failure(ErrorKind kind, std::string message) {
    return {.kind = kind, .message = std::move(message)};
}

class AutoscalerTest : public ::testing::Test {
  protected:
    CheckReport check(bool dry_run = false) {
        Autoscaler autoscaler{target(), reactor_, clock_, dry_run};
        return run_check(autoscaler);
    }

    // A check that was prefetched for, `later`.
    CheckReport check_after_a_prefetch(Milliseconds later) {
        Autoscaler autoscaler{target(), reactor_, clock_, false};
        autoscaler.prefetch();
        world_.calls.emplace_back("check");
        clock_.time += later;
        return run_check(autoscaler);
    }

    CheckReport run_check(Autoscaler& autoscaler) {
        return reactor_.run(autoscaler.check(std::chrono::steady_clock::now(), reactor::Scope{}));
    }

    // For which one reading is enough.
    Target target() {
        Target target;
        target.name = "c/s";
        target.mind.policy = std::make_shared<scaling::BacklogPolicy>(
            scaling::BacklogParameters{.target_messages_per_task = 10});
        target.mind.rules = {
            .min_tasks = Tasks{1}, .max_tasks = Tasks{100}, .scale_in_evidence = Seconds{0}};
        auto queue = std::make_shared<SharedQueue>(std::make_unique<FakeQueue>(world_, reactor_),
                                                   "orders", reactor_);
        target.queues = TargetQueues{{{std::move(queue)}}};
        target.service = std::make_unique<FakeService>(world_, reactor_);
        target.state = std::make_unique<FakeStore>(world_);
        target.state_read = state_read_;
        return target;
    }

    // What was written.
    std::vector<std::string> done() const {
        std::vector<std::string> calls;
        for (const std::string& call : world_.calls) {
            if (call.starts_with("recorded") || call.starts_with("set")) calls.push_back(call);
        }
        return calls;
    }

    std::ptrdiff_t times(std::string_view call) const {
        return std::ranges::count(world_.calls, call);
    }

    void queue_holds(std::int64_t messages) {
        world_.queue = scaling::QueueDepth{Messages{messages}, Messages{0}};
    }

    reactor::Reactor reactor_;
    FixedClock clock_;
    World world_;
    StateRead state_read_ = StateRead::with_first_reading;
};

}  // namespace fas::engine
