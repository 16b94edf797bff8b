#include "app/wiring.h"

#include "adapters/stores/action_state.h"
#include "scaling/backlog.h"
#include "scaling/schedule.h"
#include "scaling/step.h"
#include "scaling/threshold.h"

namespace fas::app {

std::shared_ptr<engine::FleetMember> Wiring::member(engine::Target target) {
    return std::make_shared<engine::FleetMember>(std::move(target), plumbing_.reactor,
                                                 plumbing_.clock, dry_run_);
}

void Wiring::forget_unused_queues() {
    std::erase_if(queues_, [](const auto& entry) { return entry.second.expired(); });
}

void Wiring::forget_unused_accounts() {
    accounts_.forget_unused();
    std::erase_if(brokers_, [this](const auto& entry) { return !accounts_.has(entry.first); });
}

std::shared_ptr<engine::SharedQueue> Wiring::queue(const QueueSettings& settings,
                                                   const std::shared_ptr<AwsAccount>& account) {
    auto& known = queues_[{account.get(), settings}];
    std::shared_ptr<engine::SharedQueue> queue = known.lock();
    if (queue) return queue;
    const adapters::QueueContext context{*account, brokers_[account.get()]};
    const auto end = [account](engine::SharedQueue* one) { delete one; };  // before its account
    queue = std::shared_ptr<engine::SharedQueue>{
        new engine::SharedQueue{settings.type().make(settings.options, context),
                                queue_name(settings), plumbing_.reactor},
        end};
    known = queue;
    return queue;
}

engine::TargetQueues Wiring::queues(const TargetSettings& settings) {
    std::vector<engine::TargetQueue> queues;
    queues.reserve(settings.queues.size());
    for (const QueueSettings& one : settings.queues) {
        const auto region_of = one.type().region_of;
        const auto own = region_of == nullptr ? std::nullopt : region_of(one.options);
        const auto account = accounts_.in(own.value_or(settings.region), queue_role(settings));
        queues.push_back({queue(one, account), one.weight});
    }
    return engine::TargetQueues{std::move(queues)};
}

// In our own account, whoever's the target is.
std::unique_ptr<adapters::VersionedStore> Wiring::store(const TargetSettings& settings,
                                                        adapters::TargetIdentity folder) {
    AwsAccount& state_account = *accounts_.in(settings.region, AwsRole{});
    return settings.store_type().make(
        {settings.s3_config_bucket, settings.state_options, std::move(folder)}, state_account);
}

engine::Target Wiring::target(const TargetSettings& settings, engine::StateRead state_read) {
    const auto target_account = accounts_.in(settings.region, service_role(settings));
    engine::Target target;
    target.keeps = target_account;
    target.name = target_name(settings);
    target.mind = mind_of(settings);
    if (target.mind.policy->needs_queue()) target.queues = queues(settings);
    target.service = settings.target_type().make(description_of(settings), *target_account);
    const adapters::TargetIdentity identity = identity_of(settings);
    target.state = std::make_unique<adapters::ActionState>(store(settings, identity), identity);
    target.state_read = state_read;
    return target;
}

namespace {

std::shared_ptr<const scaling::Policy> make_policy(const TargetSettings& settings) {
    switch (settings.policy) {
        case PolicyType::threshold:
            return std::make_shared<scaling::ThresholdPolicy>(settings.threshold);
        case PolicyType::backlog: return std::make_shared<scaling::BacklogPolicy>(settings.backlog);
        case PolicyType::step: return std::make_shared<scaling::StepPolicy>(settings.step);
        case PolicyType::schedule: return std::make_shared<scaling::SchedulePolicy>();
    }
    return nullptr;
}

}  // namespace

scaling::Mind mind_of(const TargetSettings& settings) {
    return {.policy = make_policy(settings),
            .rules = settings.rules,
            .schedule = settings.schedule,
            .behavior = settings.behavior,
            .fallback = settings.fallback,
            .combine = settings.combine_queues};
}

AwsRole queue_role(const TargetSettings& settings) {
    return {settings.role_arn, settings.external_id};
}

AwsRole service_role(const TargetSettings& settings) {
    if (settings.target_role_arn.empty()) return queue_role(settings);
    return {settings.target_role_arn, settings.target_external_id};
}

}  // namespace fas::app
