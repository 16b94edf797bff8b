#include "app/trouble_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace fas::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Error unreachable_queue() {
    return {.kind = ErrorKind::retryable,
            .message = "cannot read the queue",
            .service = "SQS",
            .code = "ConnectFailed"};
}

class TroubleLogTest : public ::testing::Test {
  protected:
    // Checks so many targets, a check each `interval`, for so long.
    void pass(Milliseconds time, int targets, bool fail, Milliseconds interval = seconds{10}) {
        for (const SteadyTime end = now_ + time; now_ < end; now_ += seconds{1}) {
            if ((now_ - SteadyTime{}) % interval == Milliseconds{0}) {
                for (int i = 0; i < targets; ++i) check("shop/" + std::to_string(i), fail);
            }
            troubles_.say(now_);
        }
    }
    void check(const std::string& target, bool fail) {
        std::vector<Error> errors;
        if (fail) errors.push_back(unreachable_queue());
        troubles_.note("target", target, errors, now_);
    }

    // The lines since the last call.
    std::vector<std::string> lines() {
        std::string text(std::size_t{1} << 20U, '\0');
        std::rewind(file_.get());
        text.resize(std::fread(text.data(), 1, text.size(), file_.get()));
        std::vector<std::string> found;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at);
            found.push_back(text.substr(at, end - at));
            at = end + 1;
        }
        const std::size_t before = std::exchange(seen_, found.size());
        found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(before));
        return found;
    }

    SteadyTime now_{};
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), &std::fclose};
    std::size_t seen_ = 0;
    Logger log_{LogLevel::info, file_.get()};
    TroubleLog troubles_{log_};
};

TEST_F(TroubleLogTest, AFailureThatLastsIsSaidEverLessOftenAndItsEndIs) {
    check("shop/a", true);
    EXPECT_THAT(lines(), ElementsAre(AllOf(HasSubstr(R"("message":"cannot read the queue")"),
                                           HasSubstr(R"("target":"shop/a")"))));
    for (int i = 0; i < 10; ++i) {
        now_ += seconds{1};
        check("shop/a", true);
        troubles_.say(now_);
    }
    EXPECT_THAT(lines(), ElementsAre(AllOf(HasSubstr("still failing: cannot read the queue"),
                                           HasSubstr(R"("times":11,"seconds":10)"))));
    now_ += seconds{19};
    check("shop/a", true);
    troubles_.say(now_);
    EXPECT_THAT(lines(), IsEmpty());
    now_ += seconds{1};
    troubles_.say(now_);
    EXPECT_THAT(lines(), SizeIs(1));
    check("shop/a", false);
    troubles_.say(now_);
    EXPECT_THAT(lines(), ElementsAre(AllOf(HasSubstr("no longer failing: cannot read the queue"),
                                           HasSubstr(R"("target":"shop/a","times":12)"))));
    troubles_.say(now_);
    EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(TroubleLogTest, ADayWithAnHoursOutageOfTwoHundredTargetsIsReadable) {
    pass(hours{1}, 200, false);
    EXPECT_THAT(lines(), IsEmpty());
    pass(hours{1}, 200, true);
    const auto during = lines();
    EXPECT_LE(during.size(), 20U);
    EXPECT_THAT(during[5], AllOf(HasSubstr("200 targets fail alike"), HasSubstr("and 195 more")));
    pass(hours{22}, 200, false);
    EXPECT_THAT(lines(), ElementsAre(HasSubstr("no longer failing")));
}

TEST_F(TroubleLogTest, ADayOfFailuresIsSaidAtMostHourly) {
    pass(hours{24}, 1, true);
    EXPECT_LE(lines().size(), 34U);
    EXPECT_GE(seen_, 30U);
}

TEST_F(TroubleLogTest, WhatComesAndGoesIsSaidEverLessOften) {
    for (int i = 0; i < 360; ++i) {
        pass(seconds{5}, 1, true, seconds{5});
        pass(seconds{5}, 1, false, seconds{5});
    }
    EXPECT_LE(lines().size(), 40U);
}

TEST_F(TroubleLogTest, WhatBeginsAgainLaterIsSaidAtOnce) {
    pass(minutes{30}, 1, true);
    pass(minutes{6}, 1, false);
    lines();
    check("shop/0", true);
    EXPECT_THAT(lines(), SizeIs(1));
}

TEST_F(TroubleLogTest, OthersThatJoinAreSaidSoon) {
    pass(minutes{30}, 10, true);
    lines();
    check("shop/new", true);
    pass(minutes{1}, 10, true);
    EXPECT_THAT(lines(), ElementsAre(HasSubstr(R"("new":"shop/new")")));
}

TEST_F(TroubleLogTest, OneThatIsGoneDoesNotFailAnyMore) {
    check("shop/a", true);
    troubles_.keep_only("target", [](const std::string&) { return false; });
    troubles_.say(now_);
    EXPECT_THAT(lines(), SizeIs(2));
}

}  // namespace
}  // namespace fas::app
