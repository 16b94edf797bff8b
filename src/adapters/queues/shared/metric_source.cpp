#include "adapters/queues/shared/metric_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "adapters/queues/shared/measured.h"
#include "base/excerpt.h"

namespace fas::adapters {

namespace {

// Of one metric, in one request.
constexpr int periods_max = 1000;

std::string_view metric_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::denied: return "check the credentials and allow cloudwatch:GetMetricData";
        case ErrorKind::invalid: return "check the metric's settings";
        default: return "nothing is scaled until it can be read";
    }
}

int periods_for(const MetricReadingRules& rules) {
    const double periods = rules.stale_after / static_cast<double>(rules.period.count());
    return std::min(periods_max, static_cast<int>(std::ceil(periods)) + 2);
}

}  // namespace

double stale_after(std::optional<double> given, std::chrono::seconds period) {
    return given.value_or(std::max(300.0, 3.0 * static_cast<double>(period.count())));
}

bool is_metric_period(std::int64_t seconds) {
    return std::set<std::int64_t>{1, 5, 10, 20, 30}.contains(seconds) || seconds % 60 == 0;
}

Error metric_error(Error error, std::string_view name) {
    error.message =
        fmt::format("cannot read {}: {}; {}", name, error.message, metric_advice(error.kind));
    return error;
}

reactor::Task<Result<scaling::QueueDepth>> MetricSource::read(reactor::Scope scope) {
    const clients::MetricWindow window = clients::recent_periods(
        client_.now(), rules_.period, periods_for(rules_), rules_.with_running_period);
    std::vector<clients::MetricQuery> queries = rules_.queries;
    auto data = co_await client_.metric_data(std::move(queries), window, std::move(scope));
    if (!data) co_return metric_error(std::move(data.error()), rules_.name);
    auto depth = depth_of(*data, window);
    if (!depth) co_return depth.error();
    co_return with_in_flight(std::move(*depth), rules_.include_in_flight);
}

scaling::QueueDepth MetricSource::none(std::string why) const {
    if (!rules_.empty_is_zero) return {.missing = std::move(why)};
    return {.visible = Messages{0},
            .estimated_from = fmt::format("{}, which empty_is_zero counts as 0", why)};
}

Result<scaling::QueueDepth> MetricSource::depth_of(const clients::MetricData& data,
                                                   const clients::MetricWindow& window) const {
    const auto several = std::ranges::count(data.series, rules_.wanted, &clients::MetricSeries::id);
    if (several > 1) {
        return metric_error(
            Error{.kind = ErrorKind::invalid,
                  .message = fmt::format("it gives {} series, and one number is needed: put "
                                         "SUM(...) or MAX(...) around it",
                                         several),
                  .code = "SeveralSeries"},
            rules_.name);
    }
    const clients::MetricSeries* series = data.find(rules_.wanted);
    const std::string note = series == nullptr || series->note.empty() ? data.note : series->note;
    const auto seconds = std::chrono::duration<double>(window.end - window.begin).count();
    if (series == nullptr || !series->newest) {
        return none(fmt::format("CloudWatch has no datapoint of {} in the last {}{}{}", rules_.name,
                                age_text(seconds), note.empty() ? "" : ": ", note));
    }
    const TimePoint now = client_.now();
    const TimePoint end = std::min(series->newest->begin + rules_.period, now);
    const double age = std::chrono::duration<double>(now - end).count();
    if (age > rules_.stale_after) {
        return none(fmt::format("CloudWatch's newest datapoint of {} is {} old, and stale after {}",
                                rules_.name, age_text(age), age_text(rules_.stale_after)));
    }
    const auto count = count_of(series->newest->value, "its value");
    if (!count) return metric_error(count.error(), rules_.name);
    // A remark on the whole says that something was left out: then it is a lower bound, and so is
    // partial data, whose newest may not be the newest there is.
    return scaling::QueueDepth{.visible = *count,
                               .measured_at = end,
                               .estimated_from = rules_.estimated_from,
                               .missing = data.note.empty() ? series->partial : data.note};
}

}  // namespace fas::adapters
