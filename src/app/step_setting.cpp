#include "app/step_setting.h"

#include <fmt/format.h>

#include <array>

#include "app/nested_setting.h"

namespace fas::app {

namespace {

constexpr double bound_max = 1e12;
constexpr std::int64_t adjustment_max = 100'000;

constexpr std::array<std::string_view, 5> step_keys{"threshold", "adjustment_type",
                                                    "min_adjustment_magnitude", "count_in_flight",
                                                    "step_adjustments"};
constexpr std::array<std::string_view, 3> adjustment_keys{
    "metric_interval_lower_bound", "metric_interval_upper_bound", "scaling_adjustment"};
// In the order of AdjustmentType.
constexpr std::array<std::string_view, 3> adjustment_type_names{"ChangeInCapacity", "ExactCapacity",
                                                                "PercentChangeInCapacity"};

// AWS writes null for what has no end.
std::optional<double> bound(const json::Value& object, const std::string& place,
                            std::string_view key, NestedReader& reader) {
    const auto value = object.find(key);
    if (value && value->is_null()) return std::nullopt;
    return reader.number(object, place, key, -bound_max, bound_max);
}

scaling::StepAdjustment read_adjustment(const json::Value& value, const std::string& place,
                                        NestedReader& reader) {
    reader.expect_object(value, place, adjustment_keys);
    scaling::StepAdjustment step;
    step.lower_bound = bound(value, place, adjustment_keys[0], reader);
    step.upper_bound = bound(value, place, adjustment_keys[1], reader);
    const auto adjustment =
        reader.integer(value, place, adjustment_keys[2], -adjustment_max, adjustment_max);
    if (!adjustment) reader.fail(place, "it needs a scaling_adjustment");
    step.adjustment = adjustment.value_or(0);
    return step;
}

}  // namespace

std::optional<scaling::StepParameters> read_step(const json::Value& value, std::string* problem) {
    constexpr std::string_view place = "step";
    NestedReader reader{problem};
    reader.expect_object(value, place, step_keys);
    if (reader.failed()) return std::nullopt;

    scaling::StepParameters step;
    const auto threshold = reader.number(value, place, "threshold", 0, bound_max);
    if (!threshold) reader.fail(place, "it needs a threshold, in messages");
    step.threshold = threshold.value_or(step.threshold);
    if (const auto type = reader.choice(value, place, "adjustment_type", adjustment_type_names)) {
        step.type = static_cast<scaling::AdjustmentType>(*type);
    }
    step.min_adjustment_magnitude.value =
        reader.integer(value, place, "min_adjustment_magnitude", 0, adjustment_max).value_or(0);
    step.count_in_flight = reader.boolean(value, place, "count_in_flight").value_or(true);

    const std::string list_place = "step.step_adjustments";
    if (const auto list = value.find("step_adjustments")) {
        reader.expect_list(*list, list_place, scaling::step_adjustments_max);
        for (const json::Value& item : list->items()) {
            if (reader.failed()) break;
            const std::string item_place = fmt::format("{}[{}]", list_place, step.steps.size());
            step.steps.push_back(read_adjustment(item, item_place, reader));
        }
    }
    if (!reader.failed()) {
        const std::string wrong = scaling::step_problem(step);
        if (!wrong.empty()) reader.fail(list_place, wrong);
    }
    if (reader.failed()) return std::nullopt;
    return step;
}

}  // namespace fas::app
