// Reads settings from texts in memory, for the tests of everything that reads them.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "settings/read_settings.h"

namespace fas::settings {

using Variables = std::map<std::string, std::string>;

// Whatever a check requires.
inline const Variables required = {{"ECS_CLUSTER", "cluster"},
                                   {"SERVICE_NAME", "service"},
                                   {"S3_CONFIG_BUCKET", "bucket"},
                                   {"SQS_QUEUE_URL", "http://localhost/queue"}};

inline SettingsSources sources_of(Variables variables,
                                  std::optional<std::string> file = std::nullopt,
                                  std::optional<std::string> event = std::nullopt) {
    SettingsSources sources;
    sources.environment =
        [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    };
    if (file) sources.file = Document{.name = "file x.json", .text = *file};
    if (event) sources.event = Document{.name = "event", .text = *event};
    return sources;
}

inline FleetSettings fleet_from(const SettingsSources& sources, Purpose purpose = Purpose::check) {
    const auto result = read_settings(sources, purpose);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&result)) {
        for (const auto& problem : *problems) ADD_FAILURE() << describe(problem);
        FleetSettings defaults;
        defaults.targets.resize(1);
        return defaults;
    }
    return std::get<FleetSettings>(result);
}

// Those of the one target.
inline TargetSettings settings_from(const SettingsSources& sources,
                                    Purpose purpose = Purpose::decision) {
    return fleet_from(sources, purpose).targets.at(0);
}

inline ProcessSettings process_from(const SettingsSources& sources) {
    return fleet_from(sources, Purpose::decision).process;
}

inline std::vector<Problem> problems_in(const SettingsSources& sources,
                                        Purpose purpose = Purpose::decision) {
    return problems_of(read_settings(sources, purpose));
}

// The description of the only problem.
inline std::string problem_in(const SettingsSources& sources, Purpose purpose = Purpose::decision) {
    const auto problems = problems_in(sources, purpose);
    if (problems.empty()) return "no problem";
    for (std::size_t i = 1; i < problems.size(); ++i) {
        ADD_FAILURE() << "one more problem: " << describe(problems[i]);
    }
    return describe(problems.front());
}

inline SettingsSources file(std::string text, Variables variables = {}) {
    return sources_of(std::move(variables), std::move(text));
}

inline SettingsSources event(std::string config, Variables variables = {}) {
    return sources_of(std::move(variables), std::nullopt, "{\"config\": " + config + "}");
}

inline std::vector<std::string> keys_of(const std::vector<Problem>& problems) {
    std::vector<std::string> keys;
    for (const auto& problem : problems) keys.push_back(problem.key);
    return keys;
}

}  // namespace fas::settings
