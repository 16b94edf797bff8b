#include "clients/aws/retry.h"

#include <gtest/gtest.h>

namespace fas::clients {
namespace {

constexpr double longest = 1.0;  // the share that the jitter draws

TEST(Retry, OnlyWhatMaySucceedLater) {
    EXPECT_TRUE(worth_retrying(ErrorKind::retryable));
    EXPECT_TRUE(worth_retrying(ErrorKind::throttled));
    for (const ErrorKind kind : {ErrorKind::denied, ErrorKind::not_found, ErrorKind::conflict,
                                 ErrorKind::invalid, ErrorKind::cancelled, ErrorKind::bug}) {
        EXPECT_FALSE(worth_retrying(kind));
    }
}

TEST(Retry, BacksOffTwiceAsLongEachTime) {
    EXPECT_EQ(backoff(ErrorKind::retryable, 1, longest), Milliseconds{50});
    EXPECT_EQ(backoff(ErrorKind::retryable, 2, longest), Milliseconds{100});
    EXPECT_EQ(backoff(ErrorKind::throttled, 1, longest), Milliseconds{1'000});
    EXPECT_EQ(backoff(ErrorKind::throttled, 2, longest), Milliseconds{2'000});
}

TEST(Retry, AServiceMayHaveItsOwnPauseForATransientError) {
    EXPECT_EQ(backoff(ErrorKind::retryable, 3, longest, {}, Milliseconds{25}), Milliseconds{100});
    EXPECT_EQ(backoff(ErrorKind::throttled, 1, longest, {}, Milliseconds{25}), Milliseconds{1'000});
}

TEST(Retry, TheJitterIsFull) {
    EXPECT_EQ(backoff(ErrorKind::throttled, 1, 0.0), Milliseconds{0});
    EXPECT_EQ(backoff(ErrorKind::throttled, 1, 0.25), Milliseconds{250});
}

TEST(Retry, NeverWaitsOverTwentySecondsUnasked) {
    EXPECT_EQ(backoff(ErrorKind::throttled, 30, longest), Milliseconds{20'000});
}

TEST(Retry, AServiceMayAskForALongerPauseWithinLimits) {
    EXPECT_EQ(backoff(ErrorKind::retryable, 1, 0.5, Milliseconds{700}), Milliseconds{700});
    EXPECT_EQ(backoff(ErrorKind::retryable, 1, 0.5, Milliseconds{3'600'000}), Milliseconds{5'025});
    EXPECT_EQ(backoff(ErrorKind::retryable, 1, 0.5, Milliseconds{1}), Milliseconds{25});
}

TEST(RetryQuota, LetsAnOutageBeRetriedOnlySoOften) {
    RetryQuota quota;
    int retries = 0;
    while (quota.take(ErrorKind::retryable)) ++retries;
    EXPECT_EQ(retries, 35);  // 500 tokens at 14
}

TEST(RetryQuota, AThrottledRetryIsCheaper) {
    RetryQuota quota;
    int retries = 0;
    while (quota.take(ErrorKind::throttled)) ++retries;
    EXPECT_EQ(retries, 100);  // at 5
}

TEST(RetryQuota, ASuccessAfterARetryGivesItsCostBack) {
    RetryQuota quota;
    const auto cost = quota.take(ErrorKind::retryable);
    EXPECT_EQ(quota.tokens(), 486);
    quota.give_back(cost.value());
    EXPECT_EQ(quota.tokens(), 500);
}

TEST(RetryQuota, ASuccessWithoutARetryGivesOneToken) {
    RetryQuota quota;
    ASSERT_TRUE(quota.take(ErrorKind::retryable));
    quota.give_back(0);
    EXPECT_EQ(quota.tokens(), 487);
}

TEST(RetryQuota, IsNeverMoreThanFull) {
    RetryQuota quota;
    quota.give_back(14);
    EXPECT_EQ(quota.tokens(), RetryQuota::capacity);
}

}  // namespace
}  // namespace fas::clients
