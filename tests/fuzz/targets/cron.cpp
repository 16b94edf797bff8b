// Cron expressions of a configuration, which an event may bring.
#include "scaling/cron.h"

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::cron {

void check(std::string_view input) {
    std::string problem;
    const auto cron = scaling::parse_cron(input, &problem);
    require(cron.has_value() == problem.empty(), "it is refused with a reason, or not at all");
    require(printable(problem) && problem.size() < 300, "a reason fits a line");
    if (!cron) return;
    const auto again = scaling::parse_cron(cron->text(), &problem);
    require(again == cron, "its text says the same");

    constexpr std::chrono::local_days day{std::chrono::year{2096} / 2 / 29};
    const auto last = cron->last_until(day);
    require(last && *last <= day, "what was accepted has come by then");
    require(cron->last_until(*last) == last, "a time that it names is its own last");
}

}  // namespace fas::fuzz::cron
