#include "app/validate_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/json_writer.h"

namespace fas::app {

namespace {

std::string validation_json(const std::vector<Problem>& problems) {
    JsonWriter json;
    json.begin_object();
    json.member("valid", problems.empty());
    json.key("problems").begin_array();
    for (const Problem& problem : problems) {
        json.begin_object();
        json.member("key", std::string_view{problem.key});
        json.member("where", std::string_view{problem.where});
        json.member("value", std::string_view{problem.value});
        json.member("accepted", std::string_view{problem.accepted});
        json.member("hint", std::string_view{problem.hint});
        json.end_object();
    }
    json.end_array().end_object();
    return json.take();
}

}  // namespace

ExitStatus report_validation(const std::variant<Settings, std::vector<Problem>>& read, bool json) {
    const auto* problems = std::get_if<std::vector<Problem>>(&read);
    const ExitStatus status = problems == nullptr ? exit_done : exit_usage;
    if (json) {
        fmt::print("{}\n",
                   validation_json(problems == nullptr ? std::vector<Problem>{} : *problems));
    } else if (problems != nullptr) {
        print_problems(*problems);
    } else {
        const auto& settings = std::get<Settings>(read);
        fmt::print("The configuration is valid: service {} in cluster {}, region {}.\n",
                   settings.service_name, settings.cluster_name, settings.region);
    }
    return status;
}

void print_problems(const std::vector<Problem>& problems) {
    fmt::print(stderr, "fast-autoscaler: {} in the configuration; nothing was done\n",
               problems.size() == 1 ? "1 problem" : fmt::format("{} problems", problems.size()));
    for (const Problem& problem : problems) fmt::print(stderr, "  {}\n", describe(problem));
}

}  // namespace fas::app
