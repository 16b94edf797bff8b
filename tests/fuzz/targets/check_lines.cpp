// What `run --json` printed, as somebody may have changed it.
#include "app/simulate/check_lines.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::check_lines {

void check(std::string_view input) {
    for (const auto& processing_time : {std::optional<Seconds>{}, std::optional{Seconds{600}}}) {
        const auto found = app::read_check_lines(input, processing_time);
        if (!found) {
            require_sound(found.error());
            require(printable(found.error().message), "a complaint can be printed");
            continue;
        }
        require(!found->trace.moments.empty(), "messages came");
        require(std::ranges::is_sorted(found->trace.moments), "moments are in order");
        require(found->trace.moments.front() >= Seconds{0}, "none came before the first line");
    }
}

}  // namespace fas::fuzz::check_lines
