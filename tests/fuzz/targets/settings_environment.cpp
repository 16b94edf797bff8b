// Settings from environment variables: lines NAME=value.
#include <algorithm>
#include <map>

#include "clients/aws/names.h"
#include "settings/read_settings.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::settings_environment {

namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Variables variables_of(std::string_view input) {
    Variables variables;
    while (!input.empty()) {
        const std::size_t end = std::min(input.find('\n'), input.size());
        const std::string_view line = input.substr(0, end);
        input.remove_prefix(std::min(end + 1, input.size()));
        const std::size_t sign = std::min(line.find('='), line.size());
        // No variable holds a zero.
        const std::string_view value = line.substr(sign).substr(0, line.substr(sign).find('\0'));
        if (value.empty()) continue;
        variables.emplace(line.substr(0, sign), value.substr(1));
    }
    return variables;
}

}  // namespace

void check(std::string_view input) {
    const Variables variables = variables_of(input);
    const settings::SettingsSources sources{
        .environment = [&variables](const char* name) -> std::optional<std::string> {
            const auto found = variables.find(std::string_view{name});
            if (found == variables.end()) return std::nullopt;
            return found->second;
        },
        .file = {},
        .event = {},
        .profile_region = {}};

    const auto outcome = read_settings(sources, settings::Purpose::check);
    if (const auto* fleet = std::get_if<settings::FleetSettings>(&outcome)) {
        const settings::TargetSettings* target = &fleet->targets.front();
        require(target->rules.min_tasks <= target->rules.max_tasks, "min <= max");
        require(clients::is_region(target->region), "the region is one");
        require(clients::is_queue(queue_name(target->queues.front())), "the queue's URL is one");
        return;
    }
    const auto& problems = std::get<std::vector<settings::Problem>>(outcome);
    require(!problems.empty(), "no settings, no problem: impossible");
    for (const settings::Problem& problem : problems) {
        require(describe(problem).size() <= 700, "a problem is of bounded length");
        require(printable(describe(problem)), "a problem can be printed");
    }
}

}  // namespace fas::fuzz::settings_environment
