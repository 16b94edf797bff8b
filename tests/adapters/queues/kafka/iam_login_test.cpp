#include "adapters/queues/kafka/iam_login.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::adapters {
namespace {

using namespace std::chrono_literals;

class IamLogin : public testing::Test {
  protected:
    clients::KafkaToken token() {
        auto given = aws_.reactor.run(tokens_(reactor::Scope{}));
        EXPECT_TRUE(given);
        return given.value_or(clients::KafkaToken{});
    }

    test::TestServer server_{
        test::replying([](const test::ReceivedRequest&) { return test::http_answer(200, ""); })};
    clients::AwsSurroundings aws_{server_};
    clients::KafkaTokens tokens_ = iam_tokens(aws_.context);
};

TEST_F(IamLogin, GivesATokenOfTheKeysThatExpiresInAQuarterOfAnHour) {
    const clients::KafkaToken given = token();
    EXPECT_EQ(given.principal, "AKIDOLD");
    EXPECT_EQ(given.expires, aws_.clock.time + 15min);
    EXPECT_FALSE(given.text.empty());
}

TEST_F(IamLogin, KeepsATokenForAWhile) {
    const clients::KafkaToken first = token();
    aws_.clock.time += 4min;
    EXPECT_EQ(token().text, first.text);
    aws_.clock.time += 1min;
    EXPECT_EQ(token().expires, aws_.clock.time + 15min);
}

TEST_F(IamLogin, MakesAnotherOfOtherKeysAndWhenTheClockWasSetBack) {
    const clients::KafkaToken first = token();
    aws_.clock.time -= 1s;
    const clients::KafkaToken earlier = token();
    EXPECT_EQ(earlier.expires, first.expires - 1s);
    aws_.keys.keys.access_key_id = "AKIDNEW";
    EXPECT_EQ(token().principal, "AKIDNEW");
}

}  // namespace
}  // namespace fas::adapters
