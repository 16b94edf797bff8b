// Any metric of CloudWatch's, or an expression over metrics, as a backlog.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/metric_source.h"
#include "base/excerpt.h"
#include "base/plain_text.h"
#include "base/trim.h"

namespace fas::adapters {

namespace {

bool is_name(std::string_view text) { return is_printable_ascii(text, 255) && text.front() != ':'; }
bool is_list(std::string_view text) { return is_printable_ascii(text, 2048); }

bool is_statistic(std::string_view text) {
    return is_printable_ascii(text, 40) && text.find_first_of(" ,=\"'") == std::string_view::npos;
}

constexpr TextType metric_name_type{
    .accepted = "at most 255 printable ASCII characters, the first no ':'",
    .pattern = "^[ -9;-~][ -~]{0,254}$",
    .valid = is_name};
constexpr TextType list_type{.accepted = "at most 2048 printable ASCII characters",
                             .pattern = "^[ -~]{1,2048}$",
                             .valid = is_list};

constexpr std::array cloudwatch_options = {
    Option{.key = "namespace",
           .variable = "CLOUDWATCH_NAMESPACE",
           .description = "The metric's namespace, like AWS/SQS.",
           .type = metric_name_type,
           .by_tag = true},
    Option{.key = "metric_name",
           .variable = "CLOUDWATCH_METRIC_NAME",
           .description = "The metric's name.",
           .type = metric_name_type,
           .by_tag = true},
    Option{.key = "dimensions",
           .variable = "CLOUDWATCH_DIMENSIONS",
           .description = "All dimensions that the metric has: \"Name=Value, Name=Value\".",
           .type = list_type,
           .by_tag = true},
    Option{.key = "statistic",
           .variable = "CLOUDWATCH_STATISTIC",
           .description = "Average, Sum, Minimum, Maximum, SampleCount, or a percentile like p99.",
           .type = TextType{.accepted = "a statistic's name, like Maximum or p99",
                            .pattern = "^[!#-&(-+\\--<>-~]{1,40}$",
                            .valid = is_statistic},
           .default_value = std::string_view{"Average"},
           .by_tag = true},
    Option{.key = "expression",
           .variable = "CLOUDWATCH_EXPRESSION",
           .description =
               "In place of the metric: an expression of metric math (which can refer to "
               "m1, m2 and m3, and use SEARCH) that gives one number, or a SELECT of "
               "Metrics Insights.",
           .type = list_type},
    Option{.key = "m1",
           .variable = "CLOUDWATCH_M1",
           .description = "A metric for the expression: \"NAMESPACE, METRIC, Name=Value, "
                          "STATISTIC\", with any number of dimensions; without a statistic, that "
                          "of the setting.",
           .type = list_type},
    Option{.key = "m2",
           .variable = "CLOUDWATCH_M2",
           .description = "A second metric for the expression.",
           .type = list_type},
    Option{.key = "m3",
           .variable = "CLOUDWATCH_M3",
           .description = "A third metric for the expression.",
           .type = list_type},
    period_option("CLOUDWATCH_PERIOD", 1,
                  "Of the datapoints, in seconds: 1, 5, 10, 20, 30, or whole minutes."),
    stale_after_option("CLOUDWATCH_STALE_AFTER"),
    empty_is_zero_option("CLOUDWATCH_EMPTY_IS_ZERO"),
    in_flight_option("CLOUDWATCH_INCLUDE_IN_FLIGHT"),
};

constexpr std::array<std::string_view, 3> metric_keys{"m1", "m2", "m3"};

// Takes what is before the next comma off the front.
std::string_view next_part(std::string_view& list) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view part = trim(list.substr(0, comma), " ");
    list.remove_prefix(std::min(list.size(), comma + 1));
    return part;
}

// "Name=Value, Name=Value", and at the end perhaps a part that is no dimension. False: there is
// another that is none.
bool read_dimensions(std::string_view list, clients::Metric& metric, std::string& last) {
    while (!list.empty()) {
        const std::string_view part = next_part(list);
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
std::optional<clients::MetricQuery> read_metric(const Options& given, std::string_view key) {
    clients::MetricQuery query{.id = std::string{key},
                               .statistic = given.text("statistic"),
                               .period = std::chrono::seconds{given.integer("period")},
                               .wanted = false};
    const std::string text = given.text(key);
    std::string_view list = text;
    query.metric.name_space = next_part(list);
    query.metric.name = next_part(list);
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

std::vector<clients::MetricQuery> queries_of(const Options& given) {
    const std::chrono::seconds period{given.integer("period")};
    std::vector<clients::MetricQuery> queries;
    if (!given.given("expression")) {
        clients::MetricQuery query{
            .id = "wanted",
            .metric = {given.text("namespace"), given.text("metric_name"), {}},
            .statistic = given.text("statistic"),
            .period = period};
        std::string rest;
        read_dimensions(given.text("dimensions"), query.metric, rest);
        queries.push_back(std::move(query));
        return queries;
    }
    for (const std::string_view key : metric_keys) {
        if (!given.given(key)) continue;
        if (auto query = read_metric(given, key)) queries.push_back(std::move(*query));
    }
    // Only a SELECT has no period of its own, or of its metrics.
    const std::string expression = given.text("expression");
    queries.push_back({.id = "wanted",
                       .expression = expression,
                       .period = is_select(expression) ? period : std::chrono::seconds{0}});
    return queries;
}

std::string name_of_metric(const Options& given) {
    if (given.given("expression")) {
        return fmt::format("CloudWatch expression {}", excerpt(given.text("expression"), 80));
    }
    const std::string dimensions = given.text("dimensions");
    return fmt::format("CloudWatch metric {} {}{}{}", given.text("namespace"),
                       given.text("metric_name"), dimensions.empty() ? "" : " of ", dimensions);
}

std::optional<OptionProblem> problem_of_expression(const Options& given) {
    for (const std::string_view key : {"namespace", "metric_name", "dimensions"}) {
        if (!given.given(key)) continue;
        return OptionProblem{key,
                             "there is an expression already, which takes its metrics from m1, "
                             "m2 and m3: set one or the other"};
    }
    for (const std::string_view key : metric_keys) {
        if (!given.given(key) || read_metric(given, key)) continue;
        return OptionProblem{key,
                             "it names no metric: write it like \"AWS/SQS, "
                             "ApproximateNumberOfMessagesVisible, QueueName=jobs, Maximum\""};
    }
    return std::nullopt;
}

std::optional<OptionProblem> problem_of_metric(const Options& given) {
    for (const std::string_view key : {"namespace", "metric_name"}) {
        if (!given.given(key)) {
            return OptionProblem{key,
                                 "it is missing: name a metric by namespace and metric_name, "
                                 "or set an expression"};
        }
    }
    for (const std::string_view key : metric_keys) {
        if (given.given(key))
            return OptionProblem{key, "it is for an expression, and there is none"};
    }
    clients::Metric metric;
    std::string rest;
    if (!read_dimensions(given.text("dimensions"), metric, rest) || !rest.empty()) {
        return OptionProblem{"dimensions", "write them like \"QueueName=jobs, Stage=prod\""};
    }
    return std::nullopt;
}

std::optional<OptionProblem> cloudwatch_problem(const Options& given, std::string_view) {
    if (!is_metric_period(given.integer("period"))) {
        return OptionProblem{"period",
                             "CloudWatch's periods are 1, 5, 10, 20, 30 s and whole "
                             "minutes: set one of them"};
    }
    return given.given("expression") ? problem_of_expression(given) : problem_of_metric(given);
}

std::unique_ptr<QueueSource> cloudwatch_source(const Options& given, QueueContext context) {
    const std::chrono::seconds period{given.integer("period")};
    const std::string statistic = given.text("statistic");
    MetricReadingRules rules{.name = name_of_metric(given),
                             .queries = queries_of(given),
                             .wanted = "wanted",
                             .period = period,
                             .with_running_period = !given.given("expression") &&
                                                    statistic != "Sum" &&
                                                    statistic != "SampleCount",
                             .stale_after = stale_after(given, period),
                             .empty_is_zero = given.flag("empty_is_zero"),
                             .include_in_flight = given.flag("include_in_flight")};
    return std::make_unique<MetricSource>(context.account.cloudwatch.get(), std::move(rules));
}

}  // namespace

const QueueKind queues::cloudwatch = {.name = "cloudwatch",
                                      .options = cloudwatch_options,
                                      .name_of = name_of_metric,
                                      .problem = cloudwatch_problem,
                                      .make = cloudwatch_source};

}  // namespace fas::adapters
