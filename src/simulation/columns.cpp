#include "simulation/columns.h"

#include <fmt/format.h>

#include <utility>

#include "simulation/figures.h"

namespace fas::simulation {

namespace {

std::string seconds_text(double seconds) { return duration_text(Seconds{seconds}); }

std::string ratio_text(double ratio) { return fmt::format("{:.2f}", ratio); }

std::string with_plus(const std::string& text, double value) {
    return (value > 0 ? "+" : "") + text;
}
std::string more_seconds_text(double seconds) { return with_plus(seconds_text(seconds), seconds); }
std::string more_share_text(double share) { return with_plus(share_text(share), share); }

template <auto figure>
std::optional<double> figure_of(const Contestant& contestant) {
    if constexpr (requires { (contestant.summary.*figure).count(); }) {
        return (contestant.summary.*figure).count();
    } else {
        return static_cast<double>(contestant.summary.*figure);
    }
}

std::optional<double> cost_ratio_of(const Contestant& contestant) {
    if (contestant.summary.cost_ratio == 0) return std::nullopt;
    return contestant.summary.cost_ratio;
}

}  // namespace

std::string Column::text_of(const Contestant& contestant) const {
    const std::optional<double> number = value(contestant);
    return number ? text(*number) : "-";
}

std::vector<Column> wait_columns(const Comparison& comparison) {
    const std::string limit = duration_text(comparison.prices.wait_limit);
    std::vector<Column> columns{
        {"p50", "Half of the messages waited no longer.", figure_of<&Summary::wait_p50>,
         seconds_text},
        {"p95", "19 of 20 messages waited no longer.", figure_of<&Summary::wait_p95>, seconds_text},
        {"p99", "99 of 100 messages waited no longer.", figure_of<&Summary::wait_p99>,
         seconds_text},
        {"max", "The longest wait of all.", figure_of<&Summary::wait_max>, seconds_text},
        {"over " + limit, "The share of the messages that waited longer than " + limit + ".",
         figure_of<&Summary::over_limit>, share_text}};
    if (const Contestant* oracle = comparison.oracle()) {
        const auto more = [oracle](const Contestant& contestant) -> std::optional<double> {
            if (&contestant == oracle) return std::nullopt;
            return (contestant.summary.wait_p99 - oracle->summary.wait_p99).count();
        };
        columns.push_back({"vs oracle",
                           "By how much p99 is longer than with the oracle, who knows what comes.",
                           more, more_seconds_text});
    }
    return columns;
}

std::vector<Column> cost_columns(const Comparison& comparison) {
    std::vector<Column> columns{
        {"task-hours", "Hours that are billed, of all tasks.", figure_of<&Summary::task_hours>,
         number_text},
        {"cost", "In US dollars.", figure_of<&Summary::cost>, money_text},
        {"cost ratio", "Task-hours for each hour of work done; 1 is a task that never idles.",
         cost_ratio_of, ratio_text},
        {"changes a day", "How often the number of tasks was changed.",
         figure_of<&Summary::changes_a_day>, number_text},
        {"killed", "The share of the messages that lost their task to a scale-in.",
         figure_of<&Summary::killed>, share_text}};
    if (const Contestant* oracle = comparison.oracle();
        oracle != nullptr && oracle->summary.cost > 0) {
        const auto more = [oracle](const Contestant& contestant) -> std::optional<double> {
            if (&contestant == oracle) return std::nullopt;
            return contestant.summary.cost / oracle->summary.cost - 1;
        };
        columns.push_back({"vs oracle",
                           "By how much it costs more than the oracle, who knows what comes.", more,
                           more_share_text});
    }
    return columns;
}

}  // namespace fas::simulation
