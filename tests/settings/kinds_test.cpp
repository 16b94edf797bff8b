// Kinds of queues, targets and stores in the configuration: which one is meant, and what it is
// told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "settings/tables.h"
#include "tests/settings/settings_from_text.h"

namespace fas::settings {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Kinds, AnUnknownOneIsToldThoseThatThereAre) {
    for (const std::string key : {"queue_type", "target_type", "state_type"}) {
        const std::string problem = problem_in(file("{\"" + key + "\": \"carrier-pigeon\"}"));
        EXPECT_THAT(problem, HasSubstr("\"carrier-pigeon\""));
        for (const Kind* kind : std::get<KindName>(target_table.find(key)->type).kinds) {
            EXPECT_THAT(problem, HasSubstr('"' + std::string{kind->name} + '"'));
        }
    }
}

TEST(Kinds, AnOptionOfNoKindIsRefused) {
    EXPECT_THAT(problem_in(file(R"({"queue_config": {"color": "red"}})")),
                AllOf(HasSubstr("queue_config.color (file x.json)"), HasSubstr("no such setting")));
}

constexpr const char* two_queues =
    R"({"queues": [{"queue_config": {"queue_url": "http://localhost/a"}, "weight": 2},
                   {"queue_config": {"queue_url": "http://localhost/b"}}],
        "combine_queues": "sum"})";

TEST(Queues, MayBeSeveral) {
    const TargetSettings settings = settings_from(file(two_queues));
    ASSERT_EQ(settings.queues.size(), 2U);
    EXPECT_EQ(queue_name(settings.queues[0]), "http://localhost/a");
    EXPECT_EQ(settings.queues[0].weight, 2);
    EXPECT_EQ(queue_name(settings.queues[1]), "http://localhost/b");
    EXPECT_EQ(settings.queues[1].weight, 1);
    EXPECT_EQ(settings.combine_queues, scaling::Combine::sum);
}

TEST(Queues, OfATargetTakeThePlaceOfThoseAroundIt) {
    const auto fleet = fleet_from(file(R"({"s3_config_bucket": "bucket", "cluster_name": "shop",
        "queues": [{"queue_config": {"queue_url": "http://localhost/a"}},
                   {"queue_config": {"queue_url": "http://localhost/b"}}],
        "targets": [{"service_name": "both"},
                    {"service_name": "one",
                     "queue_config": {"queue_url": "http://localhost/c"}}]})"));
    ASSERT_EQ(fleet.targets.size(), 2U);
    EXPECT_EQ(fleet.targets[0].queues.size(), 2U);
    ASSERT_EQ(fleet.targets[1].queues.size(), 1U);
    EXPECT_EQ(queue_name(fleet.targets[1].queues[0]), "http://localhost/c");
}

TEST(Queues, EachMustBeWhole) {
    auto sources = file(R"({"cluster_name": "c", "service_name": "s", "s3_config_bucket": "bucket",
        "queues": [{"queue_config": {"queue_url": "http://localhost/a"}}, {"weight": 1}]})");
    EXPECT_THAT(problem_in(sources, Purpose::check),
                HasSubstr("queue_config.queue_url (missing in file x.json, queues[1])"));
    EXPECT_THAT(problem_in(file(R"({"queues": [{"queue_config":
                    {"queue_url": "https://sqs.eu-west-1.amazonaws.com/1/a",
                     "region": "eu-north-1"}}]})")),
                AllOf(HasSubstr("queues[0]"), HasSubstr("queue_url is of eu-west-1")));
    EXPECT_EQ(problem_in(file(R"({"queues": [{"queue_config":
                    {"queue_url": "https://sqs.eu-west-1.amazonaws.com/1/a"}}]})",
                              {{"AWS_REGION", "eu-west-1"}})),
              "no problem");
    EXPECT_THAT(problem_in(file(R"({"queues": [{"queue_config":
                    {"queue_url": "http://localhost/a"}, "weight": 0}]})")),
                AllOf(HasSubstr("weight = 0 (file x.json, queues[0])"), HasSubstr("above 0")));
    EXPECT_THAT(problem_in(file(R"({"queues": []})")), HasSubstr("a list of 1 to 20 queues"));
    EXPECT_THAT(problem_in(file(R"({"queues": [7]})")), HasSubstr("an object in each place"));
    EXPECT_THAT(problem_in(file(R"({"queues": [{"min_tasks": 1, "queue_config":
                    {"queue_url": "http://localhost/a"}}]})")),
                HasSubstr("has queue_type, queue_config and weight"));
}

TEST(Queues, AreEitherOneOrSeveral) {
    EXPECT_THAT(problem_in(file(R"({"queue_type": "sqs", "queues": [{"queue_config":
                    {"queue_url": "http://localhost/a"}}]})")),
                AllOf(HasSubstr("queues (file x.json)"), HasSubstr("stand beside it")));
}

}  // namespace
}  // namespace fas::settings
