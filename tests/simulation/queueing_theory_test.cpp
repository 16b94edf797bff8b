// The plant against what queueing theory knows of it: Erlang C for exponential work, Pollaczek and
// Khinchine's formula for constant work.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/simulation/steady.h"

namespace fas::simulation {
namespace {

// The moments of a Poisson process: not only within bins, but over all of time.
Trace poisson_trace(double per_second, std::size_t messages, std::uint64_t seed) {
    Random random{seed, Stream::arrivals};
    Trace trace;
    trace.moments.reserve(messages);
    Seconds at{0};
    for (std::size_t i = 0; i < messages; ++i) {
        at += Seconds{random.gamma(1.0) / per_second};
        trace.moments.push_back(at);
    }
    return trace;
}

Seconds mean_wait(double per_second, Work work, std::int64_t tasks, std::int64_t hands = 1) {
    World world;
    world.trace = poisson_trace(per_second, 3'000'000, 7);
    world.plant = {.work = work, .messages_per_task = hands};
    world.initial = {tasks};
    Fixed scaler{{tasks}};
    return simulate(world, scaler).tally.waits.mean();
}

// The mean wait of M/M/c (A. K. Erlang, 1917).
Seconds erlang_c_wait(double per_second, double work, int tasks) {
    const double load = per_second * work;
    double term = 1;
    double sum = 0;
    for (int n = 0; n < tasks; ++n) {
        sum += term;
        term *= load / (n + 1);
    }
    const double all_busy = term * tasks / (tasks - load);
    const double probability = all_busy / (sum + all_busy);
    return Seconds{probability * work / (tasks - load)};
}

void expect_within_two_percent(Seconds measured, Seconds expected) {
    EXPECT_NEAR(measured.count() / expected.count(), 1.0, 0.02)
        << measured.count() << " s where theory has " << expected.count() << " s";
}

TEST(QueueingTheory, ExponentialWorkWaitsAsErlangHasIt) {
    for (const auto& [tasks, load] : {std::pair{1, 0.7}, {4, 3.2}, {20, 17.0}, {60, 55.0}}) {
        constexpr double work = 5;
        SCOPED_TRACE(tasks);
        expect_within_two_percent(mean_wait(load / work, {Seconds{work}, 1}, tasks),
                                  erlang_c_wait(load / work, work, tasks));
    }
}

TEST(QueueingTheory, ConstantWorkWaitsHalfAsLong) {
    for (const double load : {0.5, 0.8}) {
        constexpr double work = 2;
        SCOPED_TRACE(load);
        expect_within_two_percent(mean_wait(load / work, {Seconds{work}, 0}, 1),
                                  Seconds{load * work / (2 * (1 - load))});
    }
}

// With a coefficient of variation between and beyond.
TEST(QueueingTheory, VariedWorkWaitsAsPollaczekAndKhinchineHaveIt) {
    for (const double variation : {0.5, 1.5}) {
        constexpr double load = 0.6;
        constexpr double work = 2;
        SCOPED_TRACE(variation);
        expect_within_two_percent(
            mean_wait(load / work, {Seconds{work}, variation}, 1),
            Seconds{load * work * (1 + variation * variation) / (2 * (1 - load))});
    }
}

// A task of k messages is as good as k tasks.
TEST(QueueingTheory, TasksOfSeveralMessagesAreSeveralServers) {
    expect_within_two_percent(mean_wait(3.2, {Seconds{5}, 1}, 2, 10), erlang_c_wait(3.2, 5, 20));
}

}  // namespace
}  // namespace fas::simulation
