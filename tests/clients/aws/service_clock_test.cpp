#include "clients/aws/service_clock.h"

#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

reactor::HttpResponse dated(const std::string& date) {
    reactor::HttpResponse response;
    response.status = 403;
    response.headers = {{"Date", date}};
    return response;
}

class ServiceClockTest : public ::testing::Test {
  protected:
    HandClock local_;
    ServiceClock clock_{local_};
};

TEST_F(ServiceClockTest, TrustsTheLocalClockAtFirst) { EXPECT_EQ(clock_.now(), local_.now()); }

TEST_F(ServiceClockTest, FollowsAServiceThatIsMinutesAhead) {
    EXPECT_TRUE(clock_.learn(dated("Mon, 23 Nov 2026 12:10:00 GMT"), local_.now()));
    EXPECT_EQ(clock_.now(), local_.now() + minutes{10});
}

TEST_F(ServiceClockTest, FollowsAServiceThatIsHoursBehind) {
    EXPECT_TRUE(clock_.learn(dated("Mon, 23 Nov 2026 09:00:00 GMT"), local_.now()));
    EXPECT_EQ(clock_.now(), local_.now() - minutes{180});
}

TEST_F(ServiceClockTest, UnderFourMinutesIsNoSkew) {
    EXPECT_FALSE(clock_.learn(dated("Mon, 23 Nov 2026 12:03:59 GMT"), local_.now()));
    EXPECT_EQ(clock_.now(), local_.now());
    EXPECT_TRUE(clock_.learn(dated("Mon, 23 Nov 2026 12:04:00 GMT"), local_.now()));
}

TEST_F(ServiceClockTest, ReturnsToTheLocalClockOnceThatIsRight) {
    ASSERT_TRUE(clock_.learn(dated("Mon, 23 Nov 2026 12:10:00 GMT"), local_.now()));
    local_.time += minutes{10};
    EXPECT_TRUE(clock_.learn(dated("Mon, 23 Nov 2026 12:10:00 GMT"), local_.now()));
    EXPECT_EQ(clock_.now(), local_.now());
}

TEST_F(ServiceClockTest, AnAnswerFromACacheSaysNothing) {
    reactor::HttpResponse response = dated("Mon, 23 Nov 2026 11:00:00 GMT");
    response.headers.push_back({"Age", "3600"});
    EXPECT_FALSE(clock_.learn(response, local_.now()));
    EXPECT_EQ(clock_.now(), local_.now());
}

TEST_F(ServiceClockTest, AnAnswerThatTookLongSaysNothing) {
    const TimePoint sent = local_.now();
    local_.time += minutes{15} + seconds{1};
    EXPECT_FALSE(clock_.learn(dated("Mon, 23 Nov 2026 12:00:00 GMT"), sent));
    EXPECT_EQ(clock_.now(), local_.now());
}

TEST_F(ServiceClockTest, NoDateOrAnUnreadableOneSaysNothing) {
    EXPECT_FALSE(clock_.learn(reactor::HttpResponse{}, local_.now()));
    EXPECT_FALSE(clock_.learn(dated("yesterday"), local_.now()));
}

TEST(RefusedForItsTime, TellsSkewFromAWrongKey) {
    const auto refused = [](std::string code, std::string message) {
        return refused_for_its_time(Error{
            .kind = ErrorKind::denied, .message = std::move(message), .code = std::move(code)});
    };
    EXPECT_TRUE(refused("RequestTimeTooSkewed", ""));
    EXPECT_TRUE(refused("InvalidSignatureException",
                        "Signature expired: 20261123T000000Z is now "
                        "earlier than 20261123T115500Z"));
    EXPECT_TRUE(refused("SignatureDoesNotMatch", "Signature not yet current: ..."));
    EXPECT_FALSE(refused("SignatureDoesNotMatch",
                         "The request signature we calculated does not "
                         "match the signature you provided."));
    EXPECT_FALSE(refused("AccessDenied", "Signature expired"));
}

}  // namespace
}  // namespace fas::clients
