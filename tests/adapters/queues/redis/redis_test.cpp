// What a source makes of a server's answers, where no server of the tests' gives them: older ones,
// and odd ones. The rest is in tests/e2e/redis_test.py, against a real server.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/queues/kinds.h"
#include "tests/clients/aws/aws_fixture.h"
#include "tests/clients/brokers/redis_fixture.h"

namespace fas::adapters {
namespace {

using test::answering_redis;
using test::TestServer;
using testing::HasSubstr;
using testing::StartsWith;
using Answers = std::map<std::string, std::string>;

std::string text(const std::string& value) {
    return fmt::format("${}\r\n{}\r\n", value.size(), value);
}

// One group, as Redis 5 and 6 tell of it; `more`: what later ones add.
std::string group(const std::string& last_delivered, int pending, const std::string& more = "",
                  int more_fields = 0) {
    return "*1\r\n*" + std::to_string(8 + more_fields) + "\r\n" + text("name") + text("workers") +
           text("consumers") + ":1\r\n" + text("pending") + ":" + std::to_string(pending) + "\r\n" +
           text("last-delivered-id") + text(last_delivered) + more;
}

std::string group_with_lag(const std::string& last_delivered, int pending, const std::string& lag) {
    return group(last_delivered, pending, text("entries-read") + ":9\r\n" + text("lag") + lag, 4);
}

std::string entries(int count, const std::string& first = "1795435190000-1") {
    std::string all = fmt::format("*{}\r\n", count);
    for (int i = 0; i < count; ++i) {
        const std::string id = i == 0 ? first : fmt::format("1795435195000-{}", i);
        all += fmt::format("*2\r\n{}*2\r\n{}{}", text(id), text("job"), text("x"));
    }
    return all;
}

class RedisSourceTest : public testing::Test {
  protected:
    Options stream_at(const TestServer& server) {
        Options given(queues::redis);
        given.set("host", "127.0.0.1");
        given.set("port", std::int64_t{server.port()});
        given.set("queue_key", "jobs");
        given.set("redis_type", "stream");
        given.set("consumer_group", "workers");
        return given;
    }

    Result<scaling::QueueDepth> read(const Options& given, const TestServer& server) {
        clients::AwsSurroundings surroundings(server);  // whose clock says 1795435200
        clients::AwsAccount account(surroundings.context);
        clients::Brokers brokers;
        const auto source = queues::redis.make(given, {account, brokers});
        return surroundings.reactor.run(source->read(reactor::Scope()));
    }

    Result<scaling::QueueDepth> read_stream(Answers answers) {
        const TestServer server(answering_redis(std::move(answers)));
        name_ = "Redis stream jobs (group workers) at " + server.name();
        return read(stream_at(server), server);
    }

    std::string name_;
};

TEST_F(RedisSourceTest, AnOlderServersLagIsCountedByItsEntries) {
    const auto depth = read_stream({{"XINFO GROUPS jobs", group("1795435180000-0", 2)},
                                    {"XLEN jobs", ":10\r\n"},
                                    {"XRANGE jobs 1795435180000-1 + COUNT 1000", entries(3)}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{3});
    EXPECT_EQ(depth->in_flight, Messages{2});
    EXPECT_EQ(depth->oldest_age, Seconds{10});
    EXPECT_EQ(depth->missing, "");
    EXPECT_EQ(depth->estimated_from, "");
}

TEST_F(RedisSourceTest, ManyEntriesOfAnUnknownLagAreTheLeastThereCanBe) {
    const auto depth = read_stream({{"XINFO GROUPS jobs", group_with_lag("0-0", 0, "$-1\r\n")},
                                    {"XLEN jobs", ":54321\r\n"},
                                    {"XRANGE jobs 0-1 + COUNT 1000", entries(1000)}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{1000});
    EXPECT_EQ(depth->missing,
              "the server does not know the group's lag: of the stream's 54321 entries, at least "
              "1000 wait");
}

TEST_F(RedisSourceTest, EntriesTooLargeToBeCountedLeaveAnEstimate) {
    const auto depth = read_stream({{"XINFO GROUPS jobs", group("0-0", 1)},
                                    {"XLEN jobs", ":7\r\n"},
                                    {"XRANGE jobs 0-1 + COUNT 1000", "$99999999\r\n"}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{7});
    EXPECT_THAT(depth->estimated_from, StartsWith("the stream's length: "));
}

TEST_F(RedisSourceTest, AnUnknownLagThatMayNotBeCountedIsAnError) {
    const auto depth =
        read_stream({{"XINFO GROUPS jobs", group("0-0", 1)},
                     {"XLEN jobs", ":7\r\n"},
                     {"XRANGE jobs 0-1 + COUNT 1000", "-NOPERM no permissions\r\n"}});
    ASSERT_FALSE(depth);
    EXPECT_EQ(depth.error().kind, ErrorKind::denied);
}

TEST_F(RedisSourceTest, AKnownLagNeedsNoEntries) {
    for (const std::string& answer : {std::string("-NOPERM no permissions\r\n"), std::string()}) {
        const auto depth = read_stream(
            {{"XINFO GROUPS jobs", group_with_lag("5-18446744073709551615", 1, ":4\r\n")},
             {"XLEN jobs", ":7\r\n"},
             {"XRANGE jobs 6-0 + COUNT 1000", answer}});
        ASSERT_TRUE(depth) << depth.error().message;
        EXPECT_EQ(depth->visible, Messages{4});
        EXPECT_EQ(depth->in_flight, Messages{1});
        EXPECT_FALSE(depth->oldest_age) << answer;
    }
}

TEST_F(RedisSourceTest, TheEntriesAreBelievedAndNotTheLag) {
    const auto read_with = [&](const std::string& lag, const std::string& answer) {
        return read_stream({{"XINFO GROUPS jobs", group_with_lag("0-0", 0, lag)},
                            {"XLEN jobs", ":5000\r\n"},
                            {"XRANGE jobs 0-1 + COUNT 1000", answer}});
    };
    EXPECT_EQ(read_with(":4\r\n", entries(0))->visible, Messages{0});
    EXPECT_EQ(read_with(":4\r\n", entries(3))->visible, Messages{3});
    EXPECT_EQ(read_with(":0\r\n", entries(2))->visible, Messages{2});
    EXPECT_EQ(read_with(":4\r\n", entries(1, "1-1"))->oldest_age, std::nullopt);
    EXPECT_EQ(read_with(":4\r\n", "*1\r\n:1\r\n")->oldest_age, std::nullopt);
    // Of more than are looked at, the lag; but no more than the stream has.
    EXPECT_EQ(read_with(":4000\r\n", entries(1000))->visible, Messages{4000});
    EXPECT_EQ(read_with(":900\r\n", entries(1000))->visible, Messages{1000});
    EXPECT_EQ(read_with(":9000\r\n", entries(1000))->visible, Messages{5000});
}

TEST_F(RedisSourceTest, OfEntriesTooLargeToBeCountedTheFirstIsLookedAt) {
    const auto depth = read_stream({{"XINFO GROUPS jobs", group_with_lag("0-0", 0, ":4\r\n")},
                                    {"XLEN jobs", ":7\r\n"},
                                    {"XRANGE jobs 0-1 + COUNT 1000", "$99999999\r\n"},
                                    {"XRANGE jobs 0-1 + COUNT 1", entries(1)}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{4});
    EXPECT_EQ(depth->oldest_age, Seconds{10});
}

TEST_F(RedisSourceTest, NoMoreIsPendingThanTheStreamHas) {
    const auto depth = read_stream({{"XINFO GROUPS jobs", group_with_lag("9-0", 9, ":0\r\n")},
                                    {"XLEN jobs", ":2\r\n"},
                                    {"XRANGE jobs 9-1 + COUNT 1000", entries(0)}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->in_flight, Messages{2});
}

TEST_F(RedisSourceTest, AnswersOfAnotherShapeAreErrors) {
    for (const std::string& groups :
         {std::string(":5\r\n"), std::string("*1\r\n:5\r\n"), std::string("*1\r\n*0\r\n"),
          std::string("*1\r\n*2\r\n") + text("name") + text("workers"), group("0-0", -1),
          group("yesterday", 1), group("1-", 1), group("", 1)}) {
        const auto depth = read_stream({{"XINFO GROUPS jobs", groups}, {"XLEN jobs", ":7\r\n"}});
        ASSERT_FALSE(depth) << groups;
        EXPECT_EQ(depth.error().message, "cannot read " + name_ +
                                             ": the answer to XINFO GROUPS is not understood; "
                                             "check host and port, and whether it wants tls");
    }
}

TEST_F(RedisSourceTest, AnyOtherErrorIsAnError) {
    const auto depth = read_stream(
        {{"XINFO GROUPS jobs", "-LOADING Redis is loading\r\n"}, {"XLEN jobs", ":0\r\n"}});
    ASSERT_FALSE(depth);
    EXPECT_EQ(depth.error().kind, ErrorKind::retryable);
    EXPECT_EQ(depth.error().message, "cannot read " + name_ +
                                         ": LOADING Redis is loading; nothing is scaled until it "
                                         "can be read");
}

TEST_F(RedisSourceTest, TheTypeOfAnotherKeyCanBeShown) {
    const auto depth = read_stream({{"XINFO GROUPS jobs", "-WRONGTYPE Operation against a key\r\n"},
                                    {"XLEN jobs", ":0\r\n"},
                                    {"TYPE jobs", "+hash\x1b[31m\r\n"}});
    ASSERT_FALSE(depth);
    EXPECT_THAT(depth.error().message, HasSubstr("the key jobs holds a hash; set redis_type"));
}

TEST_F(RedisSourceTest, ADelayedJobIsDueByThisClock) {
    for (const auto& [score, expected] : std::map<std::string, std::string>{
             {"now", "1795435200.000000"}, {"now_ms", "1795435200000"}, {"-2.5", "-2.5"}}) {
        const TestServer server(answering_redis({{"ZCOUNT jobs -inf " + expected, ":6\r\n"}}));
        Options given = stream_at(server);
        given.set("redis_type", "sorted_set");
        given.set("consumer_group", Value{});
        given.set("max_score", score);
        const auto depth = read(given, server);
        ASSERT_TRUE(depth) << depth.error().message;
        EXPECT_EQ(depth->visible, Messages{6});
        EXPECT_FALSE(depth->in_flight);
    }
}

// What is said of options that do not go together, or nothing.
std::string problem_of(const Options& given) {
    const auto found = queues::redis.table.check(given.get());
    return found ? found->key + " " + found->message : "";
}

TEST(RedisOptions, MustGoTogether) {
    Options given(queues::redis);
    given.set("host", "cache");
    given.set("queue_key", "jobs");
    EXPECT_EQ(problem_of(given), "");
    EXPECT_EQ(queues::redis.name_of(given), "Redis list jobs at cache:6379");

    Options with = given;
    with.set("redis_type", "stream");
    EXPECT_THAT(problem_of(with), StartsWith("consumer_group a stream needs it"));
    with.set("consumer_group", "workers");
    EXPECT_EQ(problem_of(with), "");
    with.set("database", std::int64_t{2});
    EXPECT_EQ(queues::redis.name_of(with),
              "Redis stream jobs (group workers) at cache:6379, database 2");
    with.set("processing_key", "busy");
    EXPECT_THAT(problem_of(with), StartsWith("processing_key is not for a stream"));
    with = given;
    with.set("consumer_group", "workers");
    EXPECT_THAT(problem_of(with), StartsWith("consumer_group is not for a list"));
    with = given;
    with.set("max_score", "now");
    EXPECT_THAT(problem_of(with), StartsWith("max_score is for a sorted_set"));
    with = given;
    with.set("username", "reader");
    EXPECT_THAT(problem_of(with), StartsWith("password is missing"));
    with = given;
    with.set("ca_file", "/ca.pem");
    EXPECT_THAT(problem_of(with), StartsWith("tls is false"));
    with.set("tls", true);
    EXPECT_EQ(problem_of(with), "");
}

TEST(RedisOptions, TakeScoresThatRedisTakes) {
    const auto& type = std::get<Text>(queues::redis.table.find("max_score")->type);
    for (const char* const good : {"0", "-1", "+2.50", "inf", "-inf", "+inf", "now", "now_ms"}) {
        EXPECT_TRUE(type.grammar.accepts(good)) << good;
    }
    for (const char* const bad :
         {"", "-", "1.", ".5", "1e5", "(1", "nan", "now ", "--1", "-now", "123456789012345678"}) {
        EXPECT_FALSE(type.grammar.accepts(bad)) << bad;
    }
}

}  // namespace
}  // namespace fas::adapters
