// What arrives at an SNS topic. A topic holds no messages, so that this is a rate and no backlog:
// the messages of one period.
//
// https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/metric_source.h"
#include "base/ascii.h"

namespace fas::adapters {

namespace {

bool is_topic_name(std::string_view text) {
    if (text.ends_with(".fifo")) text.remove_suffix(5);
    return !text.empty() && text.size() <= 256 && is_alphanumeric_or("-_", text);
}

constexpr std::array<std::string_view, 3> metrics{
    "NumberOfMessagesPublished", "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"};

constexpr std::array sns_options = {
    Option{.key = "topic_name",
           .variable = "SNS_TOPIC_NAME",
           .description = "The topic's name, which is the last part of its ARN.",
           .type = TextType{.accepted = "the name of a topic, not its ARN",
                            .pattern = "^[A-Za-z0-9_-]{1,256}(\\.fifo)?$",
                            .valid = is_topic_name},
           .required = true,
           .by_tag = true},
    Option{.key = "metric_name",
           .variable = "SNS_METRIC_NAME",
           .description = "What of the topic is counted.",
           .type = ChoiceType{.names = metrics},
           .default_value = metrics.front()},
    period_option("SNS_PERIOD", 60,
                  "The time in which the messages are counted, in seconds: whole minutes."),
    stale_after_option("SNS_STALE_AFTER"),
    empty_is_zero_option("SNS_EMPTY_IS_ZERO"),
    in_flight_option("SNS_INCLUDE_IN_FLIGHT"),
};

std::string name_of_topic(const Options& given) {
    return fmt::format("SNS topic {}", given.text("topic_name"));
}

std::optional<OptionProblem> sns_problem(const Options& given, std::string_view) {
    if (given.integer("period") % 60 == 0) return std::nullopt;
    return OptionProblem{"period", "SNS counts by the minute: set a multiple of 60"};
}

std::unique_ptr<QueueSource> sns_source(const Options& given, QueueContext context) {
    const std::chrono::seconds period{given.integer("period")};
    const std::string metric = given.text("metric_name");
    MetricReadingRules rules{
        .name = name_of_topic(given),
        .wanted = "wanted",
        .period = period,
        .stale_after = stale_after(given, period),
        .empty_is_zero = given.flag("empty_is_zero"),
        .include_in_flight = given.flag("include_in_flight"),
        .estimated_from =
            fmt::format("{} in {} s, which is a rate, not a backlog", metric, period.count())};
    rules.queries.push_back(
        {.id = "wanted",
         .metric = {"AWS/SNS", metric, {{"TopicName", given.text("topic_name")}}},
         .statistic = "Sum",
         .period = period});
    return std::make_unique<MetricSource>(context.account.cloudwatch.get(), std::move(rules));
}

}  // namespace

const QueueKind queues::sns = {.name = "sns",
                               .options = sns_options,
                               .name_of = name_of_topic,
                               .problem = sns_problem,
                               .make = sns_source};

}  // namespace fas::adapters
