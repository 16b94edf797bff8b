// How many tasks are protected: never more than were asked about, and no fewer than later.
#include "clients/aws/services/ecs_answers.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::ecs_protection {

void check(std::string_view input) {
    const std::vector<std::string> asked{"a", "b", "c"};
    const reactor::HttpResponse answer = answer_of(input);
    const TimePoint noon = *from_epoch_seconds(1'795'435'200);
    const auto now = clients::read_protected(answer, asked, noon);
    const auto later = clients::read_protected(answer, asked, noon + std::chrono::hours{1});
    require(now.has_value() == later.has_value(), "time makes no answer unusable");
    if (!now) return require_sound(now.error());
    require(*now >= *later && *later >= Tasks{0}, "protection only ends");
    require(*now <= Tasks{3}, "no more than were asked about");
}

}  // namespace fas::fuzz::ecs_protection
