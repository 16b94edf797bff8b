#include "simulation/parameters.h"

#include <fmt/format.h>

#include "simulation/figures.h"

namespace fas::simulation {

namespace {

std::string work_text(Work work) {
    if (work.variation == 0) return duration_text(work.mean) + ", all alike";
    return fmt::format("{} on average, coefficient of variation {}", duration_text(work.mean),
                       number_text(work.variation));
}

std::string scale_in_text(const PlantParameters& plant) {
    switch (plant.scale_in) {
        case ScaleIn::kill: return "kills any task, with the messages that it has in hand";
        case ScaleIn::drain:
            return fmt::format("any task, which has {} to finish",
                               duration_text(plant.stop_timeout));
        case ScaleIn::protect: return "takes no task that has a message in hand";
    }
    return {};
}

std::string readings_text(const ReadingParameters& readings) {
    if (readings.delay <= Seconds{0} && readings.noise <= 0) return "exact, and of the moment";
    return fmt::format("{} late, counts off by {} (standard deviation)",
                       duration_text(readings.delay), share_text(readings.noise));
}

}  // namespace

std::string trace_sentence(const Trace& trace) {
    return fmt::format("{} messages over {}, {} a second in the busiest five minutes",
                       count_text(trace.messages()), duration_text(trace.length()),
                       number_text(trace.peak_rate()));
}

std::vector<Parameter> parameters_of(const Comparison& comparison) {
    const World& world = comparison.world;
    const PlantParameters& plant = world.plant;
    std::vector<Parameter> parameters{
        {"messages", trace_sentence(world.trace)},
        {"work", work_text(plant.work)},
        {"messages at a time",
         count_text(static_cast<double>(plant.messages_per_task)) + " a task"},
        {"start-up", fmt::format("{} (median), {} (p95)", duration_text(plant.start_up_median),
                                 duration_text(plant.start_up_p95))},
        {"scale-in", scale_in_text(plant)},
        {"visibility timeout", duration_text(plant.visibility_timeout)},
        {"tasks at first", count_text(static_cast<double>(world.initial.value))},
        {"readings", readings_text(world.readings)},
        {"price", fmt::format("${:.4g} a task-hour, each task for {} at the least",
                              comparison.prices.task_hour, duration_text(plant.billed_at_least))},
        {"seed", fmt::format("{}", world.seed)}};
    if (world.trace.start != TimePoint{}) {
        parameters.insert(parameters.begin() + 1, {"from", to_iso8601(world.trace.start)});
    }
    return parameters;
}

}  // namespace fas::simulation
