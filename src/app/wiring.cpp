#include "app/wiring.h"

#include "engine/action_state.h"
#include "scaling/backlog.h"
#include "scaling/schedule.h"
#include "scaling/step.h"
#include "scaling/threshold.h"

namespace fas::app {

std::shared_ptr<engine::FleetMember> Wiring::member(const TargetSettings& settings,
                                                    engine::RecallState recall) {
    return std::make_shared<engine::FleetMember>(make_target(settings, recall), plumbing_.reactor,
                                                 plumbing_.clock, dry_run_);
}

void Wiring::forget_unused_queues() {
    std::erase_if(queues_, [](const auto& entry) { return entry.second.expired(); });
}

std::shared_ptr<engine::SharedQueue> Wiring::queue(const QueueSettings& settings,
                                                   AwsAccount& account) {
    auto& known = queues_[{&account, settings}];
    std::shared_ptr<engine::SharedQueue> queue = known.lock();
    if (!queue) {
        queue =
            std::make_shared<engine::SharedQueue>(settings.type->make(settings.options, account),
                                                  queue_name(settings), plumbing_.reactor);
        known = queue;
    }
    return queue;
}

engine::TargetBacklog Wiring::backlog(const TargetSettings& settings) {
    AwsAccount& account = accounts_.in(settings.region, queue_role(settings));
    std::vector<engine::TargetQueue> queues;
    queues.reserve(settings.queues.size());
    for (const QueueSettings& one : settings.queues) {
        queues.push_back({queue(one, account), one.weight});
    }
    return {std::move(queues), settings.combine_queues, settings.rules.queue_age_max};
}

// The state is in our own account, whoever's the target is.
engine::Target Wiring::make_target(const TargetSettings& settings, engine::RecallState recall) {
    AwsAccount& own = accounts_.in(settings.region, AwsRole{});
    AwsAccount& its = accounts_.in(settings.region, service_role(settings));
    engine::Target target;
    target.name = target_name(settings);
    target.policy = make_policy(settings);
    target.rules = settings.rules;
    target.schedule = settings.schedule;
    target.behavior = settings.behavior;
    target.fallback = settings.fallback;
    if (target.policy->needs_queue()) target.backlog = backlog(settings);
    target.service = settings.type->make(description_of(settings), its);
    const engine::TargetIdentity identity = identity_of(settings);
    target.state = std::make_unique<engine::ActionState>(
        settings.store->make({settings.s3_config_bucket, settings.state_options, identity}, own),
        identity);
    target.recall = recall;
    return target;
}

std::unique_ptr<scaling::Policy> make_policy(const TargetSettings& settings) {
    switch (settings.policy) {
        case PolicyType::threshold:
            return std::make_unique<scaling::ThresholdPolicy>(settings.threshold);
        case PolicyType::backlog: return std::make_unique<scaling::BacklogPolicy>(settings.backlog);
        case PolicyType::step: return std::make_unique<scaling::StepPolicy>(settings.step);
        case PolicyType::schedule: return std::make_unique<scaling::SchedulePolicy>();
    }
    return nullptr;
}

AwsRole queue_role(const TargetSettings& settings) {
    return {settings.role_arn, settings.external_id};
}

AwsRole service_role(const TargetSettings& settings) {
    if (settings.target_role_arn.empty()) return queue_role(settings);
    return {settings.target_role_arn, settings.target_external_id};
}

}  // namespace fas::app
