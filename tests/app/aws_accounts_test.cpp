#include "app/aws_accounts.h"

#include <gtest/gtest.h>

namespace fas::app {
namespace {

class AwsAccountsTest : public ::testing::Test {
  protected:
    Plumbing plumbing_{[](const char*) { return std::optional<std::string>{}; }};
    std::unique_ptr<AwsAccounts> accounts_ = *AwsAccounts::make("", plumbing_);
    AwsRole role_{"arn:aws:iam::123456789012:role/worker", ""};
};

TEST_F(AwsAccountsTest, AnAccountIsMadeOnce) {
    const auto one = accounts_->in("eu-west-1", role_);
    EXPECT_EQ(one, accounts_->in("eu-west-1", role_));
    EXPECT_NE(one, accounts_->in("us-east-1", role_));
    EXPECT_EQ(&one->context.credentials, &accounts_->in("us-east-1", role_)->context.credentials);
}

TEST_F(AwsAccountsTest, WhatNobodyUsesIsForgottenWithItsKeys) {
    auto used = accounts_->in("eu-west-1", role_);
    const AwsAccount* const other = accounts_->in("us-east-1", role_).get();
    accounts_->forget_unused();
    EXPECT_TRUE(accounts_->has(used.get()));
    EXPECT_FALSE(accounts_->has(other));
    const std::weak_ptr<AwsAccount> gone = used;
    used.reset();
    accounts_->forget_unused();
    EXPECT_TRUE(gone.expired());
}

TEST_F(AwsAccountsTest, OurOwnStays) {
    const AwsAccount* const own = accounts_->in("eu-west-1", AwsRole{}).get();
    accounts_->forget_unused();
    EXPECT_TRUE(accounts_->has(own));
}

}  // namespace
}  // namespace fas::app
