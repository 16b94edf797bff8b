// Any metric of CloudWatch's, or an expression over metrics, as a backlog.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/metric_source.h"
#include "adapters/queues/shared/region_row.h"
#include "base/excerpt.h"
#include "base/take.h"
#include "base/trim.h"

namespace fas::adapters {

namespace {

// Of a namespace and a metric.
bool is_name(std::string_view text) {
    return Grammar{" -~", 1, 255}.accepts(text) && text.front() != ':';
}

constexpr Text name_in_cloudwatch{{"^[ -9;-~][ -~]{0,254}$", is_name},
                                  "at most 255 printable ASCII characters, the first no ':'"};
constexpr Text ascii_line{{" -~", 1, 2048}, "at most 2048 printable ASCII characters"};

struct CloudWatchOptions {
    std::string name_space;
    std::string region;
    std::string metric_name;
    std::string dimensions;
    std::string statistic = "Average";
    std::string expression;
    std::string m1;
    std::string m2;
    std::string m3;
    std::chrono::seconds period{60};
    std::optional<double> stale_after;
    bool empty_is_zero = false;
    bool include_in_flight = true;
};

constexpr std::array cloudwatch_rows{
    Row{"namespace", name_in_cloudwatch, field<&CloudWatchOptions::name_space>,
        "The metric's namespace, like AWS/SQS.", Need::absent, Tag::yes, Example{"App/Jobs"}},
    Row{"metric_name", name_in_cloudwatch, field<&CloudWatchOptions::metric_name>,
        "The metric's name.", Need::absent, Tag::yes, Example{"Depth"}},
    region_row<&CloudWatchOptions::region>,
    Row{"dimensions", ascii_line, field<&CloudWatchOptions::dimensions>,
        "All dimensions that the metric has: \"Name=Value, Name=Value\".", Need::absent, Tag::yes,
        Example{"Queue=orders, Stage=prod"}},
    Row{"statistic", Text{{"!#-&(-+--<>-~", 1, 40}, "a statistic's name, like Maximum or p99"},
        field<&CloudWatchOptions::statistic>,
        "Average, Sum, Minimum, Maximum, SampleCount, or a percentile like p99.", Tag::yes},
    Row{"expression", ascii_line, field<&CloudWatchOptions::expression>,
        "In place of the metric: an expression of metric math (which can refer to m1, m2 and m3, "
        "and use SEARCH) that gives one number, or a SELECT of Metrics Insights.",
        Need::absent, Example{"m1 + FILL(m2, 0)"}},
    Row{"m1", ascii_line, field<&CloudWatchOptions::m1>,
        "A metric for the expression: \"NAMESPACE, METRIC, Name=Value, STATISTIC\", with any "
        "number "
        "of dimensions; without a statistic, that of the setting.",
        Need::absent,
        Example{"AWS/SQS, ApproximateNumberOfMessagesVisible, QueueName=orders, Maximum"}},
    Row{"m2", ascii_line, field<&CloudWatchOptions::m2>, "A second metric for the expression.",
        Need::absent,
        Example{"AWS/SQS, ApproximateNumberOfMessagesVisible, QueueName=mails, Maximum"}},
    Row{"m3", ascii_line, field<&CloudWatchOptions::m3>, "A third metric for the expression.",
        Need::absent, Example{"App/Jobs, Depth, Maximum"}},
    period_row<&CloudWatchOptions::period>(
        1, "Of the datapoints, in seconds: 1, 5, 10, 20, 30, or whole minutes."),
    stale_after_row<&CloudWatchOptions::stale_after>,
    empty_is_zero_row<&CloudWatchOptions::empty_is_zero>,
    include_in_flight_row<&CloudWatchOptions::include_in_flight>,
};

// The metrics of an expression, by their ids in it.
struct IdentifiedMetric {
    std::string_view id;
    std::string CloudWatchOptions::* text;
};
constexpr std::array identified_metrics{IdentifiedMetric{"m1", &CloudWatchOptions::m1},
                                        IdentifiedMetric{"m2", &CloudWatchOptions::m2},
                                        IdentifiedMetric{"m3", &CloudWatchOptions::m3}};

// "Name=Value, Name=Value", and at the end perhaps a part that is no dimension. False: there is
// another that is none.
bool read_dimensions(std::string_view list, clients::Metric& metric, std::string& last) {
    while (!list.empty()) {
        const std::string_view part = trim(take_until(list, ','), " ");
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos) {
            last = part;
            return list.empty() && !part.empty();
        }
        const std::string_view name = trim(part.substr(0, equals), " ");
        const std::string_view value = trim(part.substr(equals + 1), " ");
        if (name.empty() || value.empty()) return false;
        metric.dimensions.push_back({std::string{name}, std::string{value}});
    }
    return true;
}

// Nothing: the text is not as it must be.
std::optional<clients::MetricQuery> read_metric(const CloudWatchOptions& options,
                                                const IdentifiedMetric& which) {
    clients::MetricQuery query{.id = std::string{which.id},
                               .statistic = options.statistic,
                               .period = options.period,
                               .wanted = false};
    std::string_view list = options.*which.text;
    query.metric.name_space = trim(take_until(list, ','), " ");
    query.metric.name = trim(take_until(list, ','), " ");
    std::string statistic;
    if (query.metric.name_space.empty() || query.metric.name.empty()) return std::nullopt;
    if (!read_dimensions(list, query.metric, statistic)) return std::nullopt;
    if (!statistic.empty()) query.statistic = statistic;
    return query;
}

bool is_select(std::string_view expression) {
    return trim(expression, " ").starts_with("SELECT") ||
           trim(expression, " ").starts_with("select");
}

std::vector<clients::MetricQuery> queries_of(const CloudWatchOptions& options) {
    std::vector<clients::MetricQuery> queries;
    if (options.expression.empty()) {
        clients::MetricQuery query{.id = "wanted",
                                   .metric = {options.name_space, options.metric_name, {}},
                                   .statistic = options.statistic,
                                   .period = options.period};
        std::string rest;
        read_dimensions(options.dimensions, query.metric, rest);
        queries.push_back(std::move(query));
        return queries;
    }
    for (const IdentifiedMetric& metric : identified_metrics) {
        if ((options.*metric.text).empty()) continue;
        if (auto query = read_metric(options, metric)) queries.push_back(std::move(*query));
    }
    // Only a SELECT has no period of its own, or of its metrics.
    queries.push_back(
        {.id = "wanted",
         .expression = options.expression,
         .period = is_select(options.expression) ? options.period : std::chrono::seconds{0}});
    return queries;
}

std::string name_of_metric(const CloudWatchOptions& options) {
    if (!options.expression.empty()) {
        return fmt::format("CloudWatch expression {}", excerpt(options.expression, 80));
    }
    return fmt::format("CloudWatch metric {} {}{}{}", options.name_space, options.metric_name,
                       options.dimensions.empty() ? "" : " of ", options.dimensions);
}

std::optional<Clash> clash_of_expression(const CloudWatchOptions& options) {
    const bool other =
        !options.name_space.empty() || !options.metric_name.empty() || !options.dimensions.empty();
    if (other) {
        return Clash{!options.name_space.empty()    ? "namespace"
                     : !options.metric_name.empty() ? "metric_name"
                                                    : "dimensions",
                     "there is an expression already, which takes its metrics from m1, m2 and m3: "
                     "set one or the other"};
    }
    for (const IdentifiedMetric& metric : identified_metrics) {
        if ((options.*metric.text).empty() || read_metric(options, metric)) continue;
        return Clash{std::string{metric.id},
                     "it names no metric: write it like \"AWS/SQS, "
                     "ApproximateNumberOfMessagesVisible, QueueName=jobs, Maximum\""};
    }
    return std::nullopt;
}

std::optional<Clash> clash_of_metric(const CloudWatchOptions& options) {
    if (options.name_space.empty() || options.metric_name.empty()) {
        return Clash{options.name_space.empty() ? "namespace" : "metric_name",
                     "it is missing: name a metric by namespace and metric_name, or set an "
                     "expression"};
    }
    for (const IdentifiedMetric& metric : identified_metrics) {
        if ((options.*metric.text).empty()) continue;
        return Clash{std::string{metric.id}, "it is for an expression, and there is none"};
    }
    clients::Metric metric;
    std::string rest;
    if (!read_dimensions(options.dimensions, metric, rest) || !rest.empty()) {
        return Clash{"dimensions", "write them like \"QueueName=jobs, Stage=prod\""};
    }
    return std::nullopt;
}

std::optional<Clash> cloudwatch_clash(const CloudWatchOptions& options) {
    if (!is_metric_period(options.period.count())) {
        return Clash{"period",
                     "CloudWatch's periods are 1, 5, 10, 20, 30 s and whole minutes: set one of "
                     "them"};
    }
    return options.expression.empty() ? clash_of_metric(options) : clash_of_expression(options);
}

std::unique_ptr<QueueSource> cloudwatch_source(const CloudWatchOptions& options,
                                               QueueContext context) {
    MetricReadingRules rules{.name = name_of_metric(options),
                             .queries = queries_of(options),
                             .wanted = "wanted",
                             .period = options.period,
                             .with_running_period = options.expression.empty() &&
                                                    options.statistic != "Sum" &&
                                                    options.statistic != "SampleCount",
                             .stale_after = stale_after(options.stale_after, options.period),
                             .empty_is_zero = options.empty_is_zero,
                             .include_in_flight = options.include_in_flight};
    return std::make_unique<MetricSource>(context.account.cloudwatch.get(), std::move(rules));
}

}  // namespace

const QueueKind queues::cloudwatch =
    queue_kind<CloudWatchOptions, name_of_metric, cloudwatch_source, cloudwatch_clash>(
        "cloudwatch", cloudwatch_rows, "CLOUDWATCH_", given_region<CloudWatchOptions>);

}  // namespace fas::adapters
