// A file of the system's time zones.
#include "base/time_zone.h"

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::time_zone {

void check(std::string_view input) {
    const auto zone = parse_time_zone(input);
    if (!zone) {
        require_sound(zone.error());
        require(zone.error().kind == ErrorKind::invalid, "what is no zone is invalid");
        return;
    }
    for (const std::int64_t at : {-3'000'000'000LL, 0LL, 1'800'000'000LL, 250'000'000'000LL}) {
        const SysSeconds time{std::chrono::seconds{at}};
        const TimeZone::Period period = zone->period_at(time);
        require(period.begin <= time && time < period.end, "a period holds its time");
        require(std::chrono::abs(period.offset) <= std::chrono::hours{26}, "offsets are of a day");
        const LocalSeconds shown{(time + period.offset).time_since_epoch()};
        const LocalSeconds furthest = zone->furthest_at(time);
        require(furthest >= shown, "what is shown has been reached");
        require(zone->first_at(furthest) <= time, "what has been reached came before");
    }
}

}  // namespace fas::fuzz::time_zone
