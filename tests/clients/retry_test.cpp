#include "clients/retry.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fas::clients {
namespace {

Milliseconds longest_of_many(ErrorKind kind, int failed_attempts) {
    std::minstd_rand random{7};
    Milliseconds longest{0};
    for (int i = 0; i < 10'000; ++i) {
        longest = std::max(longest, backoff(kind, failed_attempts, random));
    }
    return longest;
}

TEST(Retry, OnlyWhatMaySucceedLater) {
    EXPECT_TRUE(worth_retrying(ErrorKind::retryable));
    EXPECT_TRUE(worth_retrying(ErrorKind::throttled));
    for (const ErrorKind kind : {ErrorKind::denied, ErrorKind::not_found, ErrorKind::conflict,
                                 ErrorKind::invalid, ErrorKind::cancelled, ErrorKind::bug}) {
        EXPECT_FALSE(worth_retrying(kind));
    }
}

TEST(Retry, BacksOffTwiceAsLongEachTimeWithFullJitter) {
    EXPECT_NEAR(static_cast<double>(longest_of_many(ErrorKind::retryable, 1).count()), 50, 2);
    EXPECT_NEAR(static_cast<double>(longest_of_many(ErrorKind::retryable, 2).count()), 100, 2);
    EXPECT_NEAR(static_cast<double>(longest_of_many(ErrorKind::throttled, 1).count()), 1000, 2);
}

TEST(Retry, NeverWaitsOverTwentySeconds) {
    EXPECT_LE(longest_of_many(ErrorKind::throttled, 30), Milliseconds{20'000});
}

}  // namespace
}  // namespace fas::clients
