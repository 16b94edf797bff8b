#include "adapters/queues/shared/measured.h"

#include <fmt/format.h>

#include <cmath>

namespace fas::adapters {

Result<Messages> count_of(double number, std::string_view what) {
    constexpr double count_max = 9007199254740992.0;  // 2^53
    if (!std::isfinite(number) || number < 0 || number > count_max) {
        return Error{
            .kind = ErrorKind::invalid,
            .message = fmt::format("{} is {}, which is not a count of messages", what, number),
            .code = "NotACount"};
    }
    return Messages{static_cast<std::int64_t>(std::ceil(number))};
}

scaling::QueueDepth with_in_flight(scaling::QueueDepth depth, bool include_in_flight) {
    if (depth.visible && !depth.in_flight && !include_in_flight) depth.in_flight = Messages{0};
    return depth;
}

std::string age_text(double seconds) {
    if (seconds < 180) return fmt::format("{:.0f} s", seconds);
    if (seconds < 3 * 3600) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.0f} h", seconds / 3600);
}

}  // namespace fas::adapters
