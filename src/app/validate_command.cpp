#include "app/validate_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <set>
#include <string>

#include "app/complain.h"
#include "app/printing.h"
#include "base/control_characters.h"
#include "base/json_writer.h"
#include "base/quantity.h"

namespace fas::app {

namespace {

std::size_t regions_of(const FleetSettings& fleet) {
    std::set<std::string_view> regions;
    for (const TargetSettings& target : fleet.targets) regions.insert(target.region);
    for (const auto& discovery : fleet.discoveries) regions.insert(discovery.defaults.region);
    return regions.size();
}

std::string summary(const FleetSettings& fleet) {
    if (!fleet.listed) {
        const TargetSettings& target = fleet.targets.front();
        if (target.service_name.empty()) {
            return fmt::format("target {}, region {}", target_name(target), target.region);
        }
        return fmt::format("service {} in cluster {}, region {}", target.service_name,
                           target.cluster_name, target.region);
    }
    std::string text = quantity(fleet.targets.size(), "target", "targets");
    if (fleet.groups > 0) text += fmt::format(" ({})", quantity(fleet.groups, "group", "groups"));
    if (!fleet.discoveries.empty()) {
        text += " and " + quantity(fleet.discoveries.size(), "discovery", "discoveries");
    }
    return text + " in " + quantity(regions_of(fleet), "region", "regions");
}

void write_fleet(JsonWriter& json, const FleetSettings& fleet) {
    json.member("targets", static_cast<std::int64_t>(fleet.targets.size()));
    json.member("groups", static_cast<std::int64_t>(fleet.groups));
    json.member("discoveries", static_cast<std::int64_t>(fleet.discoveries.size()));
    json.member("regions", static_cast<std::int64_t>(regions_of(fleet)));
}

void write_problem(JsonWriter& json, const Problem& problem) {
    json.begin_object();
    json.member("key", std::string_view{problem.key});
    json.member("where", std::string_view{problem.where});
    json.member("value", std::string_view{problem.value});
    json.member("accepted", std::string_view{problem.must_be});
    json.member("hint", std::string_view{problem.hint});
    json.end_object();
}

std::string validation_json(const ReadSettings& read) {
    const std::vector<Problem> problems = problems_of(read);
    JsonWriter json;
    json.begin_object();
    json.member("valid", problems.empty());
    if (problems.empty()) write_fleet(json, std::get<FleetSettings>(read));
    json.key("problems").begin_array();
    for (const Problem& problem : problems) write_problem(json, problem);
    json.end_array().end_object();
    return json.take();
}

}  // namespace

ExitStatus report_validation(const ReadSettings& read, bool json) {
    const std::vector<Problem> problems = problems_of(read);
    if (!problems.empty() && !json) print_problems(problems);
    std::string text;
    if (json) {
        text = validation_json(read) + "\n";
    } else if (problems.empty()) {
        text = fmt::format("The configuration is valid: {}.\n",
                           escaped(summary(std::get<FleetSettings>(read))));
    }
    const ExitStatus printed = print(text);
    return problems.empty() ? printed : exit_usage;
}

void print_problems(const std::vector<Problem>& problems) {
    complain(fmt::format("{} in the configuration; nothing was done",
                         quantity(problems.size(), "problem", "problems")));
    for (const std::string& line : problem_lines(problems)) {
        write_to(STDERR_FILENO, fmt::format("  {}\n", escaped(line)));
    }
}

}  // namespace fas::app
