#include "scaling/rounding.h"

#include <algorithm>
#include <cmath>

namespace fas::scaling {

namespace {

constexpr double relative_error_max = 1e-9;
constexpr double countable_tasks_max = 1e9;  // far beyond any service, far below overflow

Tasks whole(double tasks) {
    return {static_cast<std::int64_t>(std::clamp(tasks, 0.0, countable_tasks_max))};
}

bool nearly_whole(double tasks) {
    return std::abs(tasks - std::round(tasks)) <= relative_error_max * std::max(1.0, tasks);
}

}  // namespace

Tasks tasks_rounded_up(double tasks) {
    return whole(nearly_whole(tasks) ? std::round(tasks) : std::ceil(tasks));
}

Tasks tasks_rounded_down(double tasks) {
    return whole(nearly_whole(tasks) ? std::round(tasks) : std::floor(tasks));
}

}  // namespace fas::scaling
