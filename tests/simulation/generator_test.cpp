#include "simulation/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "simulation/arrivals.h"

namespace fas::simulation {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Trace made(std::string_view spec, std::uint64_t seed = 1) {
    const auto parameters = parse_generator(spec);
    EXPECT_TRUE(parameters) << spec;
    return generate(parameters.value(), seed);
}

// Messages from one moment to another.
double messages_between(const Trace& trace, double from, double to) {
    const auto bin_at = [&](double moment) {
        return trace.counts.begin() + static_cast<std::ptrdiff_t>(moment / trace.bin.count());
    };
    return std::accumulate(bin_at(from), bin_at(to), 0.0);
}

std::string problem_of_spec(std::string_view spec) {
    const auto parameters = parse_generator(spec);
    EXPECT_FALSE(parameters) << spec;
    EXPECT_EQ(parameters.error().kind, ErrorKind::invalid);
    return parameters.error().message;
}

TEST(Generator, ReadsAShapeAndWhatIsNotAsByItself) {
    const auto parameters = parse_generator("daily:rate=2.5,peak=40,length=7d");
    ASSERT_TRUE(parameters);
    EXPECT_EQ(parameters->shape, Shape::daily);
    EXPECT_EQ(parameters->rate, 2.5);
    EXPECT_EQ(parameters->peak, 40);
    EXPECT_EQ(parameters->length, Seconds{7 * 86400});
    EXPECT_EQ(parse_generator("poisson")->length, Seconds{86400});
    EXPECT_EQ(parse_generator("batches:size=5")->rate, 0);
}

TEST(Generator, SaysWhatIsWrong) {
    EXPECT_EQ(
        problem_of_spec("dayly:rate=1"),
        "the trace \"dayly:rate=1\" cannot be made: there is no shape \"dayly\"; did you mean "
        "daily? There are constant, poisson, step, ramp, daily, bursts, batches");
    EXPECT_EQ(problem_of_spec("ramp:pek=3"),
              "the trace \"ramp:pek=3\" cannot be made: ramp has no parameter \"pek\"; did you "
              "mean peak? It has length, rate, peak");
    EXPECT_THAT(problem_of_spec("constant:peak=3"), HasSubstr("It has length, rate"));
    EXPECT_THAT(
        problem_of_spec("step:at=soon"),
        HasSubstr("at must be a duration above 0, such as 90s, 5m, 1h or 7d, not \"soon\""));
    EXPECT_THAT(problem_of_spec("step:length=0"), HasSubstr("length must be a duration above 0"));
    EXPECT_THAT(problem_of_spec("step:rate=-1"), HasSubstr("from 0 to 100 million, not \"-1\""));
    EXPECT_THAT(problem_of_spec("step:rate=nan"), HasSubstr("not \"nan\""));
    EXPECT_THAT(problem_of_spec("step:rate"),
                HasSubstr("\"rate\" must be a parameter and its value"));
    EXPECT_THAT(problem_of_spec("poisson:length=1000d"), HasSubstr("at most 100 d, not 1000 d"));
    EXPECT_THAT(problem_of_spec("poisson:rate=10000,length=1d"),
                HasSubstr("it could have 864,000,000 messages, and at most 100,000,000"));
    EXPECT_THAT(problem_of_spec("batches:every=1ms,size=1e6,length=1d"), HasSubstr("could have"));
    EXPECT_THAT(problem_of_spec("a\x1b[31m"), HasSubstr("a\\u001b[31m"));
    EXPECT_THAT(problem_of_spec(""), HasSubstr("there is no shape \"\""));
}

TEST(Generator, ASeedGivesTheSame) {
    EXPECT_EQ(made("poisson:length=1h", 7).counts, made("poisson:length=1h", 7).counts);
    EXPECT_NE(made("poisson:length=1h", 7).counts, made("poisson:length=1h", 8).counts);
}

TEST(Generator, ConstantIsEven) {
    const Trace trace = made("constant:rate=0.5,length=10min");
    EXPECT_EQ(trace.length(), Seconds{600});
    Arrivals arrivals{trace, {}, 1};
    Seconds before = arrivals.take().came;
    EXPECT_EQ(before, Seconds{1});
    while (arrivals.next()) {
        const Seconds came = arrivals.take().came;
        EXPECT_NEAR((came - before).count(), 2, 1e-9);
        before = came;
    }
}

// The variance of Poisson's counts is their mean.
TEST(Generator, PoissonVariesAsPoissonHasIt) {
    const Trace trace = made("poisson:rate=20,length=6h");
    const auto size = static_cast<double>(trace.counts.size());
    const double mean = trace.messages() / size;
    double squares = 0;
    for (const double count : trace.counts) squares += (count - mean) * (count - mean);
    EXPECT_NEAR(mean, 20, 0.2);
    EXPECT_NEAR(squares / size, 20, 1);
}

TEST(Generator, AStepIsOneFromItsMomentOn) {
    const Trace trace = made("step:rate=0,peak=5,at=30min,length=1h");
    EXPECT_EQ(messages_between(trace, 0, 1800), 0);
    EXPECT_NEAR(messages_between(trace, 1800, 3600), 9000, 300);
}

TEST(Generator, ARampGrowsToItsPeak) {
    const Trace trace = made("ramp:rate=0,peak=10,length=2h");
    EXPECT_NEAR(trace.messages(), 36'000, 600);
    EXPECT_NEAR(messages_between(trace, 0, 3600), 9000, 300);
}

TEST(Generator, ADayHasItsPeakAtNoon) {
    const Trace trace = made("daily:rate=1,peak=9,length=2d");
    for (const double midnight : {0.0, 86400.0}) {
        EXPECT_NEAR(messages_between(trace, midnight, midnight + 3600), 3600, 500);
        EXPECT_NEAR(messages_between(trace, midnight + 41400, midnight + 45000), 9 * 3600, 700);
    }
}

TEST(Generator, BurstsComeNowAndThen) {
    const Trace trace = made("bursts:rate=0,peak=100,every=1h,lasts=1min,length=20d");
    // One each hour and a minute, of 60 s.
    EXPECT_NEAR(trace.messages() / (20 * 86400.0 / 3660 * 6000), 1, 0.15);
    EXPECT_NEAR(*std::ranges::max_element(trace.counts), 145, 20);
}

TEST(Generator, BatchesComeAtOnce) {
    const Trace trace = made("batches:size=500,every=15m,length=1h");
    EXPECT_EQ(trace.messages(), 1500);
    EXPECT_EQ(trace.counts[900], 500);
    EXPECT_EQ(trace.counts[2700], 500);
}

}  // namespace
}  // namespace fas::simulation
