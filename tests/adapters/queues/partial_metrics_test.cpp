// What the sources that go by CloudWatch make of partial data, which moto never gives. The rest is
// in tests/e2e/metric_sources_test.py and kafka/.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>

#include "adapters/queues/kinds.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::adapters {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t last_minute = 1'795'435'140;  // the one before HandClock's time

struct Points {
    std::string status = "Complete";
    std::string values;  // of the last minute and those before it, with commas between them
};

std::string times_for(const std::string& values) {
    std::string times;
    const auto count = values.empty() ? 0 : 1 + std::ranges::count(values, ',');
    for (std::int64_t i = 0; i < count; ++i) {
        times += fmt::format("{}{}", i == 0 ? "" : ",", last_minute - 60 * i);
    }
    return times;
}

// By the metric's name, or else by the query's id.
using PointsOf = std::map<std::string, Points>;

Result<scaling::QueueDepth> read_metrics(const QueueKind& kind,
                                         const std::map<std::string, std::string>& texts,
                                         const PointsOf& points) {
    const test::TestServer server(test::replying([&](const test::ReceivedRequest& request) {
        for (const auto& [id, of] : points) {
            if (request.body.find(fmt::format(R"("Id":"{}")", id)) == std::string::npos) continue;
            return test::http_answer(
                200, fmt::format(R"({{"MetricDataResults":[{{"Id":"{}","Label":"l",)"
                                 R"("StatusCode":"{}","Timestamps":[{}],"Values":[{}]}}]}})",
                                 id, of.status, times_for(of.values), of.values));
        }
        return test::http_answer(200, R"({"MetricDataResults":[]})");
    }));
    clients::AwsSurroundings surroundings(server);
    clients::AwsAccount account(surroundings.context);
    clients::Brokers brokers;
    Options options(kind);
    for (const auto& [key, text] : texts) options.set(key, text);
    const auto source = kind.make(options, {account, brokers});
    return surroundings.reactor.run(source->read(reactor::Scope()));
}

const std::map<std::string, std::string> some_metric{{"namespace", "App"},
                                                     {"metric_name", "Depth"}};

TEST(PartialMetrics, OfAMetricAreALowerBound) {
    const auto depth =
        read_metrics(queues::cloudwatch, some_metric, {{"wanted", {"PartialData", "7,9"}}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{7});
    EXPECT_THAT(depth->missing, HasSubstr("PartialData"));

    const auto whole =
        read_metrics(queues::cloudwatch, some_metric, {{"wanted", {"Complete", "7,9"}}});
    EXPECT_THAT(whole->missing, IsEmpty());
}

TEST(PartialMetrics, OfATopicAreALowerBound) {
    const auto depth =
        read_metrics(queues::sns, {{"topic_name", "orders"}}, {{"wanted", {"PartialData", "0"}}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_EQ(depth->visible, Messages{0});
    EXPECT_THAT(depth->missing, HasSubstr("PartialData"));
}

TEST(PartialMetrics, OfAnMskClusterAreALowerBound) {
    const auto depth = read_metrics(
        queues::kafka,
        {{"via", "cloudwatch"},
         {"consumer_group", "workers"},
         {"topic", "orders"},
         {"msk_cluster_arn", "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0b9c6e54-1"}},
        {{"lag", {"PartialData", "0"}}});
    ASSERT_TRUE(depth) << depth.error().message;
    EXPECT_THAT(depth->missing, HasSubstr("PartialData"));
}

Result<scaling::QueueDepth> read_stream(const Points& ages, const Points& arrivals) {
    return read_metrics(queues::kinesis, {{"stream_name", "orders"}},
                        {{"age", ages}, {"arrivals", arrivals}});
}

TEST(PartialMetrics, OfAStreamsArrivalsAreDividedByWhatTheyCover) {
    const auto whole = read_stream({.values = "300000"}, {.values = "600,600,600,600,600,600"});
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(whole->visible, Messages{3000});
    EXPECT_THAT(whole->missing, IsEmpty());

    const auto part = read_stream({.values = "300000"}, {"PartialData", "600,600"});
    EXPECT_EQ(part->visible, Messages{3000});
    EXPECT_THAT(part->missing, HasSubstr("PartialData"));
}

TEST(PartialMetrics, OfAStreamsAgesAreALowerBound) {
    const auto none = read_stream({"PartialData", "0"}, {});
    ASSERT_TRUE(none) << none.error().message;
    EXPECT_EQ(none->visible, Messages{0});
    EXPECT_THAT(none->missing, HasSubstr("PartialData"));

    const auto some = read_stream({"PartialData", "60000"}, {.values = "60,60"});
    EXPECT_EQ(some->visible, Messages{60});
    EXPECT_THAT(some->missing, HasSubstr("PartialData"));
}

TEST(StreamsAge, SaysThatOneRecordWaitsAtLeast) {
    EXPECT_EQ(read_stream({.values = "60000"}, {.values = "0,0"})->visible, Messages{1});
}

TEST(StreamsAge, ThatGrowsByAMinuteAMinuteIsTrue) {
    const auto depth =
        read_stream({.values = "240000,180000,120000"}, {.values = "60,60,60,60,60"});
    EXPECT_EQ(depth->oldest_age, Seconds{240});
}

TEST(StreamsAge, ThatCannotHaveGrownSoIsUnknownUntilItLasted) {
    for (const char* sudden : {"84000000,0", "84000000,84000000,0", "84060000,84000000,84000000,0",
                               "600000,0,600000,600000"}) {
        const auto depth = read_stream({.values = sudden}, {.values = "60,60"});
        ASSERT_TRUE(depth) << depth.error().message;
        EXPECT_EQ(depth->visible, std::nullopt) << sudden;
        EXPECT_EQ(depth->oldest_age, std::nullopt) << sudden;
        EXPECT_THAT(depth->missing, HasSubstr("cannot be")) << sudden;
    }
    const auto lasted =
        read_stream({.values = "84000000,84000000,84000000,84000000,0"}, {.values = "60,60"});
    EXPECT_EQ(lasted->oldest_age, Seconds{84'000});
}

}  // namespace
}  // namespace fas::adapters
