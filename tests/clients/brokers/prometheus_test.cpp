// The answers as Prometheus writes them; tests/e2e/prometheus_source_test.py asks a real one.
// https://prometheus.io/docs/prometheus/latest/querying/api/
#include "clients/brokers/prometheus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reactor/reactor.h"
#include "tests/reactor/answer.h"
#include "tests/reactor/test_server.h"

namespace fas::clients {
namespace {

using test::answer;
using ::testing::HasSubstr;

Result<PrometheusAnswer> read_vector(const std::string& series) {
    return read_instant_query(
        answer(R"({"status":"success","data":{"resultType":"vector","result":[)" + series + "]}}"));
}

TEST(PrometheusAnswer, HasOneSampleOrNone) {
    const auto vector = read_vector(R"({"metric":{"job":"a"},"value":[1435781451.781,"12.5"]})");
    ASSERT_TRUE(vector) << vector.error().message;
    ASSERT_TRUE(vector->sample);
    EXPECT_EQ(vector->sample->value, 12.5);
    EXPECT_EQ(vector->sample->at, from_epoch_seconds(1435781451.781));

    const auto scalar =
        read_instant_query(answer(R"({"status":"success","infos":["i"],)"
                                  R"("data":{"resultType":"scalar","result":[1,"+3e2"]}})"));
    ASSERT_TRUE(scalar) << scalar.error().message;
    ASSERT_TRUE(scalar->sample);
    EXPECT_EQ(scalar->sample->value, 300);

    const auto empty = read_vector("");
    ASSERT_TRUE(empty) << empty.error().message;
    EXPECT_FALSE(empty->sample);
    EXPECT_EQ(empty->partial, "");
}

// Thanos and Prometheus warn, VictoriaMetrics has a flag; an empty vector may be partial as well.
TEST(PrometheusAnswer, OfAPartOfTheDataSaysSo) {
    const std::string data = R"("data":{"resultType":"vector","result":[]}})";
    const auto why = [&](const std::string& extra) {
        const auto read = read_instant_query(answer(R"({"status":"success",)" + extra + data));
        return read ? read->partial : read.error().message;
    };
    EXPECT_THAT(why(R"("warnings":["store 1 is away","store 2 is away"],)"),
                HasSubstr("store 1 is away (and 1 more)"));
    EXPECT_THAT(why(R"("warnings":"store 1 is away",)"), HasSubstr("store 1 is away"));
    EXPECT_THAT(why(R"("isPartial":true,)"), HasSubstr("isPartial"));
    for (const char* whole :
         {"", R"("warnings":[],)", R"("warnings":null,)", R"("isPartial":false,)",
          R"("isPartial":null,)", R"("infos":["not a counter"],)"}) {
        EXPECT_EQ(why(whole), "") << whole;
    }
}

TEST(PrometheusAnswer, IsNoNumberWhereItIsNotFinite) {
    for (const char* value : {"NaN", "+Inf", "-Inf"}) {
        const auto sample =
            read_vector(std::string{R"({"metric":{},"value":[1,")"} + value + "\"]}");
        ASSERT_FALSE(sample) << value;
        EXPECT_EQ(sample.error().code, "NotFinite");
        EXPECT_THAT(sample.error().message, HasSubstr(value));
    }
}

TEST(PrometheusAnswer, OfAnotherShapeSaysWhatIsWanted) {
    const std::string one = R"({"metric":{},"value":[1,"1"]})";
    const auto several = read_vector(one + "," + one);
    ASSERT_FALSE(several);
    EXPECT_EQ(several.error().code, "SeveralSeries");
    EXPECT_THAT(several.error().message, HasSubstr("2 series"));
    const auto matrix = read_instant_query(
        answer(R"({"status":"success","data":{"resultType":"matrix","result":[]}})"));
    ASSERT_FALSE(matrix);
    EXPECT_THAT(matrix.error().message, HasSubstr("gives a matrix"));
    for (const char* body :
         {"", "[]", "{}", R"({"status":"success"})", "<html>",
          R"({"status":"success","data":{"resultType":"scalar","result":7}})",
          R"({"status":"success","data":{"resultType":"vector","result":{}}})",
          R"({"status":"success","data":{"resultType":"vector","result":null}})"}) {
        const auto sample = read_instant_query(answer(body));
        ASSERT_FALSE(sample) << body;
        EXPECT_EQ(sample.error().code, "UnusableAnswer") << body;
    }
    for (const char* series : {R"({"metric":{}})", R"({"value":[1]})", R"({"value":[1,2]})",
                               R"({"value":["x","2"]})", R"({"value":[1,"2x"]})", "7"}) {
        EXPECT_FALSE(read_vector(series)) << series;
    }
}

TEST(PrometheusAnswer, TellsAnErrorAsPrometheusDoes) {
    const auto bad = read_instant_query(
        answer(R"({"status":"error","errorType":"bad_data","error":"parse error: x"})", 400));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, ErrorKind::invalid);
    EXPECT_EQ(bad.error().code, "bad_data");
    EXPECT_EQ(bad.error().message, "Prometheus refuses the query (bad_data): parse error: x");
    const auto late =
        read_instant_query(answer(R"({"status":"error","errorType":"timeout","error":"t"})", 503));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::retryable);
}

TEST(PrometheusQuery, IsSentAsAForm) {
    test::ReceivedRequest received;
    reactor::Reactor reactor;
    reactor::HttpClient http{reactor, reactor::HttpClientOptions{}};
    {
        const test::TestServer server(test::replying([&](const test::ReceivedRequest& request) {
            received = request;
            return test::http_answer(422, R"({"status":"error","errorType":"execution"})",
                                     "Content-Type: application/json\r\n");
        }));
        WebEndpoint endpoint(http, {.url = server.url("/prometheus/")});
        const auto sample = reactor.run(instant_query(&endpoint, "sum(a{b=\"c d\"}) + 1 & é", {}));
        ASSERT_FALSE(sample);
        EXPECT_EQ(sample.error().code, "execution");
    }
    EXPECT_EQ(received.target, "/prometheus/api/v1/query");
    EXPECT_EQ(received.body, "query=sum%28a%7Bb%3D%22c%20d%22%7D%29%20%2B%201%20%26%20%C3%A9");
}

}  // namespace
}  // namespace fas::clients
