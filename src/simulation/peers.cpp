#include "simulation/peers.h"

#include <algorithm>
#include <array>

#include "simulation/peers/buildkite.h"
#include "simulation/peers/keda.h"
#include "simulation/peers/oracle.h"
#include "simulation/peers/original.h"
#include "simulation/peers/step_scaling.h"
#include "simulation/peers/target_tracking.h"

namespace fas::simulation {

namespace {

// The acceptable latency over the mean time that a task takes for a message, of which it has
// several in hand at a time.
Entrant make_target_tracking(const World& world, Bounds bounds, double acceptable_latency) {
    const double messages_a_second = static_cast<double>(world.plant.messages_per_task) /
                                     std::max(world.plant.work.mean.count(), 1e-9);
    const double target = acceptable_latency * messages_a_second;
    return {std::make_unique<TargetTracking>(target, bounds), world.plant};
}

template <class Made>
Entrant make_of_value(const World& world, Bounds bounds, double value) {
    return {std::make_unique<Made>(value, bounds), world.plant};
}

Entrant make_buildkite(const World& world, Bounds bounds, double scale_in_idle_period) {
    Entrant entrant{std::make_unique<Buildkite>(world.plant.messages_per_task, bounds),
                    world.plant};
    entrant.plant.ends_when_idle = Seconds{scale_in_idle_period};
    return entrant;
}

// It knows which of its tasks have nothing in hand.
Entrant make_oracle(const World& world, Bounds bounds, double /*no knob*/) {
    Entrant entrant{
        std::make_unique<Oracle>(world.trace, world.plant, bounds.min, bounds.max, world.seed),
        world.plant};
    entrant.plant.scale_in = ScaleIn::protect;
    return entrant;
}

constexpr std::array all_peers{
    Peer{.name = "aws",
         .title = "AWS target tracking",
         .follows = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html",
         .note = "On the backlog per task, its target the acceptable latency over the true mean "
                 "processing time. How far a scale-in goes is not documented: here a tenth of the "
                 "tasks at most, every five minutes. Its alarms act two minutes sooner here "
                 "than AWS measured for ECS's own metrics.",
         .judged = true,
         .knob = {"acceptable_latency", 60, 5, 600},
         .make = make_target_tracking},
    Peer{.name = "step",
         .title = "AWS step scaling",
         .follows = "https://docs.aws.amazon.com/cdk/api/v2/docs/"
                    "aws-cdk-lib.aws_ecs_patterns.QueueProcessingFargateService.html",
         .note = "With the CDK's steps: a task more from 100 messages, five from five times "
                 "as many, a task less at none. Metrics of one minute, not the CDK's five; its "
                 "scaling on the CPU is left out.",
         .judged = true,
         .knob = {"threshold", 100, 5, 1000},
         .make = make_of_value<StepScaling>},
    Peer{.name = "keda",
         .title = "KEDA and the HPA",
         .follows = "https://keda.sh/docs/latest/scalers/aws-sqs/",
         .note = "On Kubernetes, not ECS: its pods start and stop here as the tasks do.",
         .judged = true,
         .knob = {"queueLength", 5, 1, 200},
         .make = make_of_value<Keda>},
    Peer{.name = "original",
         .title = "Fast Autoscaler 0.2.0",
         .follows = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
                    "eb-rate-expressions.html",
         .note =
             "No page describes it; this one says how often its schedule can be at the most: every "
             "minute. The bounds are those of the others, not its own 10 and 300. It reads its "
             "queue here, which with SQS it did not do.",
         .judged = true,
         .knob = {"TASKS_PER_MESSAGE", 0.01, 0.001, 1},
         .make = make_of_value<Original>},
    Peer{.name = "buildkite",
         .title = "Buildkite's agents",
         .follows = "https://github.com/buildkite/buildkite-agent-scaler",
         .note = "Its tasks end themselves when they have been idle for ScaleInIdlePeriod, which "
                 "takes workers written for it: shown, not judged.",
         .judged = false,
         .knob = {"ScaleInIdlePeriod", 600, 30, 3600},
         .make = make_buildkite},
    Peer{.name = oracle_name,
         .title = "Oracle",
         .follows = "",
         .note = "It knows what will come: the limit of what a scaler could reach.",
         .judged = false,
         .knob = {},
         .make = make_oracle},
};

}  // namespace

std::span<const Peer> peers() { return all_peers; }

const Peer* find_peer(std::string_view name) {
    const auto found = std::ranges::find(all_peers, name, &Peer::name);
    return found == all_peers.end() ? nullptr : &*found;
}

}  // namespace fas::simulation
