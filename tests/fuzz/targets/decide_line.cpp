// Questions to `decide`: each is refused, or answered within the bounds that were asked for.
#include "app/decide_command.h"
#include "json/reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::decide_line {

namespace {

void require_right(const std::string& answer, const app::TargetSettings& settings) {
    const auto document = json::parse(answer, {.bytes_max = std::size_t{2} << 20U});
    require(document.has_value(), "an answer is JSON");
    const json::Value root = document->root();
    const auto action = root.find("action")->as_string();
    const auto desired = root.find("desired")->as_int();
    const auto current = root.find("current")->as_int();
    const auto reason = root.find("reason")->as_string();
    require(reason && !reason->empty(), "an answer has its reason");

    // A person's number, and what the target says of itself, may lie outside the bounds.
    const bool bounded = !reason->starts_with("hold_at") &&
                         reason->find("the target's own bound") == std::string_view::npos;
    const auto& rules = settings.rules;
    if (action == "scale_out") {
        require(*desired > *current, "out is up");
        require(!bounded || *desired <= rules.max_tasks.value, "not above the most");
    } else if (action == "scale_in") {
        require(*desired < *current, "in is down");
        require(!bounded || *desired >= rules.min_tasks.value, "not below the fewest");
    } else {
        require(action == "hold" && desired == current, "a hold changes nothing");
    }
}

}  // namespace

void check(std::string_view input) {
    app::TargetSettings threshold;
    app::TargetSettings backlog{.policy = app::PolicyType::backlog};
    backlog.rules.min_tasks = Tasks{0};
    backlog.rules.in_flight_per_task = 2.5;
    for (const app::TargetSettings& settings : {threshold, backlog}) {
        const auto answer = app::decide_line(input, settings);
        if (answer) {
            require_right(*answer, settings);
            require(*app::decide_line(input, settings) == *answer, "a decision is repeatable");
        } else {
            require_sound(answer.error());
            require(answer.error().kind == ErrorKind::invalid, "a bad question is invalid");
            require(printable(answer.error().message), "a complaint can be printed");
        }
    }
}

}  // namespace fas::fuzz::decide_line
