#include "reactor/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "reactor/background.h"
#include "reactor/when_all.h"

namespace fas::reactor {
namespace {

using ::testing::ElementsAre;

Scope patient() { return Scope{}.within(std::chrono::seconds(60)); }

// At which a job waits until it is open.
struct JobGate {
    std::promise<void> open;
    std::promise<void> entered;

    Worker::Job job() {
        return [this](const std::atomic<bool>&) {
            entered.set_value();
            open.get_future().wait();
        };
    }
};

Task<void> note_outcome(Worker* worker, Worker::Job job, Scope scope, Result<void>* outcome) {
    auto ended = co_await worker->run(std::move(job), std::move(scope));
    *outcome = std::move(ended);
}

TEST(Worker, RunsAJobOnAnotherThread) {
    Reactor reactor;
    Worker worker(reactor);
    std::thread::id ran_on;
    const auto done = reactor.run(worker.run(
        [&ran_on](const std::atomic<bool>&) { ran_on = std::this_thread::get_id(); }, patient()));
    EXPECT_TRUE(done);
    EXPECT_NE(ran_on, std::thread::id());
    EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(Worker, RunsJobsOneAfterAnotherInOrder) {
    Reactor reactor;
    Worker worker(reactor);
    std::vector<int> order;
    const auto noting = [&order](int number) {
        return [&order, number](const std::atomic<bool>&) { order.push_back(number); };
    };
    const auto ended =
        reactor.run(when_all(worker.run(noting(1), patient()), worker.run(noting(2), patient()),
                             worker.run(noting(3), patient())));
    EXPECT_TRUE(std::get<2>(ended));
    EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(Worker, TheLoopGoesOnWhileAJobBlocks) {
    Reactor reactor;
    JobGate gate;  // outlives the worker, and so the job
    Worker worker(reactor);
    Result<void> outcome;
    Background background;
    background.start(note_outcome(&worker, gate.job(), patient(), &outcome));
    for (int turn = 0; turn < 3; ++turn) reactor.run(reactor.yield());
    EXPECT_TRUE(background.running());
    gate.open.set_value();
    while (background.running()) reactor.run(reactor.yield());
    EXPECT_TRUE(outcome);
}

// Whether the job was told. False: the deadline passed before it had begun.
bool is_told_at_the_deadline(std::chrono::milliseconds limit) {
    Reactor reactor;
    std::atomic<bool> begun = false;  // outlives the worker, and so the job
    std::promise<void> told;
    Worker worker(reactor);
    const auto until_abandoned = [&](const std::atomic<bool>& abandoned) {
        begun = true;
        while (!abandoned) std::this_thread::yield();
        told.set_value();
    };
    const auto done = reactor.run(worker.run(until_abandoned, Scope{}.within(limit)));
    EXPECT_EQ(done ? "" : done.error().code, "DeadlinePassed");
    if (!begun) return false;
    told.get_future().wait();
    return true;
}

TEST(Worker, EndsTheWaitAtTheDeadlineAndTellsTheJob) {
    std::chrono::milliseconds limit{1};
    while (!is_told_at_the_deadline(limit)) limit *= 2;
}

TEST(Worker, AStopRequestEndsTheWait) {
    Reactor reactor;
    JobGate gate;  // outlives the worker, and so the job
    Worker worker(reactor);
    std::stop_source stop;
    Scope scope = patient();
    scope.stop = stop.get_token();
    Result<void> outcome;
    Background background;
    background.start(note_outcome(&worker, gate.job(), scope, &outcome));
    gate.entered.get_future().wait();
    stop.request_stop();
    while (background.running()) reactor.run(reactor.yield());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "Stopped");
    gate.open.set_value();
}

TEST(Worker, AJobThatNobodyWaitsForAnyMoreNeverBegins) {
    Reactor reactor;
    JobGate gate;  // outlives the worker, and so the job
    bool begun = false;
    Worker worker(reactor);
    Result<void> outcome;
    auto first = std::make_unique<Background>();
    first->start(note_outcome(&worker, gate.job(), patient(), &outcome));
    auto second = std::make_unique<Background>();
    second->start(note_outcome(
        &worker, [&begun](const std::atomic<bool>&) { begun = true; }, patient(), &outcome));
    gate.entered.get_future().wait();
    second.reset();  // with its coroutine
    gate.open.set_value();
    EXPECT_TRUE(reactor.run(worker.run([](const std::atomic<bool>&) {}, patient())));
    EXPECT_FALSE(begun);
    first.reset();
}

TEST(Worker, ADestroyedTaskLeavesItsJobToEndAlone) {
    Reactor reactor;
    JobGate gate;
    const auto held = std::make_shared<int>(0);
    const std::weak_ptr<int> watched = held;
    {
        Worker worker(reactor);
        Result<void> outcome;
        auto background = std::make_unique<Background>();
        background->start(note_outcome(
            &worker,
            [&gate, held](const std::atomic<bool>&) {
                gate.entered.set_value();
                gate.open.get_future().wait();
                ++*held;
            },
            patient(), &outcome));
        gate.entered.get_future().wait();
        background.reset();
        gate.open.set_value();
    }
    EXPECT_EQ(*held, 1) << "the worker waits for the job that runs";
    EXPECT_EQ(watched.use_count(), 1) << "and lets go of what the job holds";
}

TEST(Worker, WithoutAJobThereIsNoThreadToWaitFor) {
    Reactor reactor;
    const Worker worker(reactor);
    reactor.run(reactor.yield());
}

}  // namespace
}  // namespace fas::reactor
