#include "app/wiring.h"

#include "engine/sources/sqs.h"
#include "engine/stores/s3.h"
#include "engine/targets/ecs.h"
#include "scaling/backlog.h"
#include "scaling/threshold.h"

namespace fas::app {

std::shared_ptr<engine::FleetMember> Wiring::member(const TargetSettings& settings,
                                                    engine::RecallState recall) {
    return std::make_shared<engine::FleetMember>(make_target(settings, recall), plumbing_.reactor,
                                                 plumbing_.clock, dry_run_);
}

AwsAccount& Wiring::service_account(const TargetSettings& settings) {
    return accounts_.in(settings.region, service_role(settings));
}

void Wiring::forget_unused_queues() {
    std::erase_if(queues_, [](const auto& entry) { return entry.second.expired(); });
}

std::shared_ptr<engine::SharedQueue> Wiring::queue(const TargetSettings& settings) {
    AwsAccount& account = accounts_.in(settings.region, queue_role(settings));
    auto& known = queues_[{&account, settings.queue_url}];
    std::shared_ptr<engine::SharedQueue> queue = known.lock();
    if (!queue) {
        queue = std::make_shared<engine::SharedQueue>(make_source(settings, account),
                                                      settings.queue_url, plumbing_.reactor);
        known = queue;
    }
    return queue;
}

std::unique_ptr<engine::QueueSource> Wiring::make_source(const TargetSettings& settings,
                                                         AwsAccount& account) {
    switch (settings.queue_type) {
        case QueueType::sqs:
            return std::make_unique<engine::SqsSource>(account.sqs, settings.queue_url);
    }
    return nullptr;
}

// The state is in our own account, whoever's the service is.
engine::Target Wiring::make_target(const TargetSettings& settings, engine::RecallState recall) {
    AwsAccount& own = accounts_.in(settings.region, AwsRole{});
    AwsAccount& its = service_account(settings);
    engine::Target target;
    target.name = target_name(settings);
    target.policy = make_policy(settings);
    target.rules = settings.rules;
    target.queue = queue(settings);
    target.service = std::make_unique<engine::EcsTarget>(
        its.ecs, its.services, settings.cluster_name, settings.service_name);
    target.state = std::make_unique<engine::S3Store>(own.s3, settings.s3_config_bucket,
                                                     settings.cluster_name, settings.service_name);
    target.recall = recall;
    return target;
}

std::unique_ptr<scaling::Policy> make_policy(const TargetSettings& settings) {
    switch (settings.policy) {
        case PolicyType::threshold:
            return std::make_unique<scaling::ThresholdPolicy>(settings.threshold);
        case PolicyType::backlog: return std::make_unique<scaling::BacklogPolicy>(settings.backlog);
    }
    return nullptr;
}

std::string target_name(const TargetSettings& settings) {
    return settings.cluster_name + "/" + settings.service_name;
}

AwsRole queue_role(const TargetSettings& settings) {
    return {settings.role_arn, settings.external_id};
}

AwsRole service_role(const TargetSettings& settings) {
    if (settings.target_role_arn.empty()) return queue_role(settings);
    return {settings.target_role_arn, settings.target_external_id};
}

}  // namespace fas::app
