// Against a real server that answers as CloudWatch does.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
#include "clients/aws/services/cloudwatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using std::chrono::seconds;
using test::http_answer;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TimePoint at(double seconds_since_epoch) { return *from_epoch_seconds(seconds_since_epoch); }

std::string results(const std::string& results, const std::string& rest = "") {
    return http_answer(200, R"({"MetricDataResults":[)" + results + "]" + rest + "}",
                       request_id_header);
}

// Gives its answers one after the other, the last one for ever, and keeps what was asked.
class CloudWatchClientTest : public ::testing::Test {
  protected:
    Result<MetricData> data_from(std::vector<std::string> answers,
                                 std::vector<MetricQuery> queries = {depth()}) {
        const test::TestServer server(
            test::replying([this, answers = std::move(answers)](const test::ReceivedRequest& r) {
                asked_.push_back(r);
                return answers[std::min(asked_.size(), answers.size()) - 1];
            }));
        AwsSurroundings aws(server);
        CloudWatchClient client(aws.context);
        const auto scope = reactor::Scope{}.within(seconds{60});
        const MetricWindow window{at(1'795'435'020), at(1'795'435'200)};
        return aws.reactor.run(client.metric_data(std::move(queries), window, scope));
    }

    Result<MetricData> data_from(const std::string& answer) {
        return data_from(std::vector<std::string>{answer});
    }

    static MetricQuery depth() {
        return {.id = "m1",
                .metric = {"App/Jobs", "Depth", {{"Queue", "orders"}, {"Stage", "a \"b\""}}},
                .statistic = "Maximum"};
    }

    std::vector<test::ReceivedRequest> asked_;  // read after the server has ended
};

TEST_F(CloudWatchClientTest, GivesTheNewestValueAndItsTime) {
    const auto data = data_from(
        results(R"({"Id":"m1","Label":"Depth","Timestamps":[1795435080,1795435140.0,1.79543502E9],)"
                R"("Values":[3,12.5,1],"StatusCode":"Complete"})"));
    ASSERT_TRUE(data) << data.error().message;
    ASSERT_THAT(data->series, SizeIs(1));
    EXPECT_EQ(data->series[0].id, "m1");
    EXPECT_EQ(data->series[0].label, "Depth");
    ASSERT_TRUE(data->series[0].newest);
    EXPECT_EQ(data->series[0].newest->value, 12.5);
    EXPECT_EQ(data->series[0].newest->begin, at(1'795'435'140));
    ASSERT_THAT(asked_, SizeIs(1));
    EXPECT_EQ(asked_[0].header("X-Amz-Target"), "GraniteServiceVersion20100801.GetMetricData");
    EXPECT_EQ(asked_[0].header("Content-Type"), "application/x-amz-json-1.0");
    EXPECT_EQ(asked_[0].body,
              R"({"MetricDataQueries":[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"App/Jobs",)"
              R"("MetricName":"Depth","Dimensions":[{"Name":"Queue","Value":"orders"},)"
              R"({"Name":"Stage","Value":"a \"b\""}]},"Period":60,"Stat":"Maximum"},)"
              R"("ReturnData":true}],"StartTime":1795435020,"EndTime":1795435200,)"
              R"("ScanBy":"TimestampDescending"})");
}

TEST_F(CloudWatchClientTest, AsksForExpressionsOverMetrics) {
    MetricQuery hidden = depth();
    hidden.wanted = false;
    MetricQuery sum{.id = "e1", .expression = "m1*2", .period = seconds{0}};
    MetricQuery select{.id = "e2", .expression = "SELECT MAX(Depth) FROM \"App/Jobs\""};
    const auto data = data_from({results(R"({"Id":"e1","Timestamps":[],"Values":[]},)"
                                         R"({"Id":"e2","Timestamps":[60],"Values":[7]})")},
                                {hidden, sum, select});
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_FALSE(data->find("m1"));
    ASSERT_TRUE(data->find("e1"));
    EXPECT_FALSE(data->find("e1")->newest);
    ASSERT_TRUE(data->find("e2"));
    EXPECT_EQ(data->find("e2")->newest->value, 7);
    EXPECT_THAT(asked_[0].body, HasSubstr(R"("ReturnData":false},{"Id":"e1","Expression":"m1*2",)"
                                          R"("ReturnData":true},{"Id":"e2","Expression":)"
                                          R"("SELECT MAX(Depth) FROM \"App/Jobs\"","Period":60,)"));
}

TEST_F(CloudWatchClientTest, WithoutDataThereIsNoValue) {
    for (const char* result : {
             R"({"Id":"m1","Label":"Depth","Timestamps":[],"Values":[],"StatusCode":"Complete"})",
             R"({"Id":"m1","Label":"Depth","StatusCode":"Complete"})",
         }) {
        const auto data = data_from(results(result));
        ASSERT_TRUE(data) << data.error().message;
        ASSERT_TRUE(data->find("m1")) << result;
        EXPECT_FALSE(data->find("m1")->newest) << result;
    }
    const auto data = data_from(results(""));
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_FALSE(data->find("m1"));
}

TEST_F(CloudWatchClientTest, PutsTheSeriesOfAllPagesTogether) {
    const auto data = data_from(
        {results(
             R"({"Id":"e1","Label":"a","Timestamps":[],"Values":[],"StatusCode":"PartialData"},)"
             R"({"Id":"e1","Label":"b","Timestamps":[120],"Values":[2]})",
             R"(,"NextToken":"more/+=")"),
         results(
             R"({"Id":"e1","Label":"a","Timestamps":[180],"Values":[5],"StatusCode":"Complete"},)"
             R"({"Id":"e1","Label":"b","Timestamps":[60],"Values":[1]},)"
             R"({"Id":"e1","Label":"c","Timestamps":[60],"Values":[9]})",
             R"(,"NextToken":null)")});
    ASSERT_TRUE(data) << data.error().message;
    ASSERT_THAT(data->series, SizeIs(3));
    EXPECT_EQ(data->series[0].newest->value, 5);
    EXPECT_EQ(data->series[1].newest->value, 2);
    EXPECT_EQ(data->series[2].newest->value, 9);
    ASSERT_THAT(asked_, SizeIs(2));
    EXPECT_THAT(asked_[1].body, HasSubstr(R"("NextToken":"more/+="})"));
}

TEST_F(CloudWatchClientTest, TwoSeriesOfOneNameAreTwo) {
    const auto data =
        data_from(results(R"({"Id":"e1","Label":"a","Timestamps":[60],"Values":[1]},)"
                          R"({"Id":"e1","Label":"a","Timestamps":[60],"Values":[2]})"));
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_THAT(data->series, SizeIs(2));
}

TEST_F(CloudWatchClientTest, AnAnswerWithoutAnEndIsGivenUp) {
    const auto data = data_from(results("", R"(,"NextToken":"again")"));
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().code, "TooManyPages");
    EXPECT_THAT(asked_, SizeIs(10));
}

TEST_F(CloudWatchClientTest, TellsWhatCloudWatchRemarks) {
    const auto data = data_from(results(
        R"({"Id":"m1","Timestamps":[],"Values":[],"Messages":[{"Code":"ArithmeticError",)"
        R"("Value":"One or more data-points have been dropped\nhidden"},{"Code":"Other"}]})",
        R"(,"Messages":[{"Code":"MaxMetricsExceeded","Value":"too many"}])"));
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_EQ(data->series[0].note, "One or more data-points have been dropped; Other");
    EXPECT_EQ(data->note, "too many");
}

TEST_F(CloudWatchClientTest, AStatusCanBeAFailureUnderHttp200) {
    const std::string begin = R"({"Id":"m1","Label":"Depth","Timestamps":[],"Values":[],)";
    const std::pair<const char*, ErrorKind> cases[]{
        {"Forbidden", ErrorKind::denied},
        {"InternalError", ErrorKind::retryable},
        {"PartialData", ErrorKind::retryable},
    };
    for (const auto& [status, kind] : cases) {
        const auto data = data_from(results(
            begin + R"("Messages":[{"Value":"why it is so"}],"StatusCode":")" + status + "\"}"));
        ASSERT_FALSE(data) << status;
        EXPECT_EQ(data.error().kind, kind) << status;
        EXPECT_EQ(data.error().code, status);
        EXPECT_EQ(data.error().service, "CLOUDWATCH");
        EXPECT_EQ(data.error().request_id, "0b9c6e54-1111");
        EXPECT_THAT(data.error().message, HasSubstr("m1 (Depth): why it is so"));
    }
    const auto partial = data_from(
        results(R"({"Id":"m1","Timestamps":[60],"Values":[4],"StatusCode":"PartialData"})"));
    ASSERT_TRUE(partial) << "the newest is there";
    EXPECT_EQ(partial->series[0].newest->value, 4);
}

TEST_F(CloudWatchClientTest, AnErrorRepeatsNothingThatCannotBeShown) {
    const auto data = data_from(results(R"({"Id":"m1\u001b[31m)" + std::string(5000, 'x') +
                                        R"(","StatusCode":"Forbidden"})"));
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().message, "GetMetricData has the status Forbidden for m1 ()");
}

TEST_F(CloudWatchClientTest, ASuccessThatIsNoneIsAnError) {
    const std::string whole[]{
        "", "{", "[]", "null", "{}", R"({"MetricDataResults":null})", "<GetMetricDataResponse/>"};
    for (const std::string& body : whole) {
        const auto data = data_from(http_answer(200, body));
        ASSERT_FALSE(data) << body;
        EXPECT_EQ(data.error().code, "UnusableAnswer") << body;
        EXPECT_EQ(data.error().kind, ErrorKind::invalid) << body;
    }
    const std::string wrong[]{
        R"({"Timestamps":[60],"Values":[1]})",
        R"({"Id":"m1","Timestamps":[60,120],"Values":[1]})",
        R"({"Id":"m1","Values":[1]})",
        R"({"Id":"m1","Timestamps":[60]})",
        R"({"Id":"m1","Timestamps":["now"],"Values":[1]})",
        R"({"Id":"m1","Timestamps":null,"Values":null})",
        R"({"Id":"m1","Timestamps":[],"Values":{}})",
        R"({"Id":"m1","Timestamps":60,"Values":1})",
        R"({"Id":"m1","Timestamps":[-1],"Values":[1]})",
        R"({"Id":"m1","Timestamps":[60],"Values":["NaN"]})",
        R"({"Id":"m1","Timestamps":[60],"Values":[null]})",
        "7",
    };
    for (const std::string& result : wrong) {
        const auto data = data_from(results(result));
        ASSERT_FALSE(data) << result;
        EXPECT_EQ(data.error().code, "UnusableAnswer") << result;
    }
}

TEST_F(CloudWatchClientTest, ARefusalIsDenied) {
    const auto data = data_from(http_answer(
        400, R"({"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: )"
             R"(arn:aws:iam::1:user/u is not authorized to perform: cloudwatch:GetMetricData"})"));
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().kind, ErrorKind::denied);
    EXPECT_THAT(data.error().message, HasSubstr("cloudwatch:GetMetricData"));
}

TEST(RecentPeriods, EndWithTheRunningOneOrBeforeIt) {
    const MetricWindow ended = recent_periods(at(1'795'435'259.5), seconds{60}, 3, false);
    EXPECT_EQ(ended.begin, at(1'795'435'020));
    EXPECT_EQ(ended.end, at(1'795'435'200));
    const MetricWindow running = recent_periods(at(1'795'435'200), seconds{60}, 3, true);
    EXPECT_EQ(running.begin, at(1'795'435'020));
    EXPECT_EQ(running.end, at(1'795'435'260));
}

}  // namespace
}  // namespace fas::clients
