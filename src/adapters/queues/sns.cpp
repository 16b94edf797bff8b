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
#include "adapters/queues/shared/region_row.h"
#include "base/ascii.h"

namespace fas::adapters {

namespace {

bool is_topic_name(std::string_view text) {
    if (text.ends_with(".fifo")) text.remove_suffix(5);
    return !text.empty() && text.size() <= 256 && is_alphanumeric_or("-_", text);
}

constexpr std::array<Name, 3> metrics{"NumberOfMessagesPublished", "NumberOfNotificationsDelivered",
                                      "NumberOfNotificationsFailed"};

struct SnsOptions {
    std::string topic_name;
    std::string region;
    std::string metric_name{metrics.front().text};
    std::chrono::seconds period{60};
    std::optional<double> stale_after;
    bool empty_is_zero = false;
    bool include_in_flight = true;
};

constexpr std::array sns_rows{
    Row{"topic_name",
        Text{{"^[A-Za-z0-9_-]{1,256}(\\.fifo)?$", is_topic_name},
             "the name of a topic, not its ARN"},
        field<&SnsOptions::topic_name>, "The topic's name, which is the last part of its ARN.",
        Need::required, Tag::yes, Example{"orders"}},
    region_row<&SnsOptions::region>,
    Row{"metric_name", Choice{metrics}, field<&SnsOptions::metric_name>,
        "What of the topic is counted."},
    period_row<&SnsOptions::period>(
        60, "The time in which the messages are counted, in seconds: whole minutes."),
    stale_after_row<&SnsOptions::stale_after>,
    empty_is_zero_row<&SnsOptions::empty_is_zero>,
    include_in_flight_row<&SnsOptions::include_in_flight>,
};

std::string name_of_topic(const SnsOptions& options) {
    return fmt::format("SNS topic {}", options.topic_name);
}

std::optional<Clash> sns_clash(const SnsOptions& options) {
    if (options.period.count() % 60 == 0) return std::nullopt;
    return Clash{"period", "SNS counts by the minute: set a multiple of 60"};
}

std::unique_ptr<QueueSource> sns_source(const SnsOptions& options, QueueContext context) {
    MetricReadingRules rules{
        .name = name_of_topic(options),
        .wanted = "wanted",
        .period = options.period,
        .stale_after = stale_after(options.stale_after, options.period),
        .empty_is_zero = options.empty_is_zero,
        .include_in_flight = options.include_in_flight,
        .estimated_from = fmt::format("{} in {} s, which is a rate, not a backlog",
                                      options.metric_name, options.period.count())};
    rules.queries.push_back(
        {.id = "wanted",
         .metric = {"AWS/SNS", options.metric_name, {{"TopicName", options.topic_name}}},
         .statistic = "Sum",
         .period = options.period});
    return std::make_unique<MetricSource>(context.account.cloudwatch.get(), std::move(rules));
}

}  // namespace

const QueueKind queues::sns = queue_kind<SnsOptions, name_of_topic, sns_source, sns_clash>(
    "sns", sns_rows, "SNS_", given_region<SnsOptions>);

}  // namespace fas::adapters
