#include "app/wiring.h"

#include "engine/sources/sqs.h"
#include "engine/stores/s3.h"
#include "engine/targets/ecs.h"
#include "scaling/backlog.h"
#include "scaling/threshold.h"

namespace fas::app {

namespace {

std::unique_ptr<engine::QueueSource> make_source(const TargetSettings& settings, AwsAccess& aws) {
    switch (settings.queue_type) {
        case QueueType::sqs:
            return std::make_unique<engine::SqsSource>(aws.own(), settings.queue_url);
    }
    return nullptr;
}

engine::Target make_target(const TargetSettings& settings, AwsAccess& aws) {
    engine::Target target;
    target.name = settings.cluster_name + "/" + settings.service_name;
    target.policy = make_policy(settings);
    target.rules = settings.rules;
    target.queue = make_source(settings, aws);
    target.service = std::make_unique<engine::EcsTarget>(aws.target(), settings.cluster_name,
                                                         settings.service_name);
    target.state = std::make_unique<engine::S3Store>(aws.own(), settings.s3_config_bucket,
                                                     settings.cluster_name, settings.service_name);
    return target;
}

}  // namespace

std::unique_ptr<scaling::Policy> make_policy(const TargetSettings& settings) {
    switch (settings.policy) {
        case PolicyType::threshold:
            return std::make_unique<scaling::ThresholdPolicy>(settings.threshold);
        case PolicyType::backlog: return std::make_unique<scaling::BacklogPolicy>(settings.backlog);
    }
    return nullptr;
}

Result<std::unique_ptr<WiredAutoscaler>> WiredAutoscaler::make(const ProcessSettings& process,
                                                               const TargetSettings& settings,
                                                               Plumbing& plumbing, bool dry_run) {
    auto aws = AwsAccess::make(process, settings, plumbing);
    if (!aws) return aws.error();
    return std::unique_ptr<WiredAutoscaler>{
        new WiredAutoscaler{std::move(*aws), settings, plumbing, dry_run}};
}

WiredAutoscaler::WiredAutoscaler(std::unique_ptr<AwsAccess> aws, const TargetSettings& settings,
                                 Plumbing& plumbing, bool dry_run)
    : aws_(std::move(aws)),
      autoscaler_(make_target(settings, *aws_), plumbing.reactor, plumbing.clock, dry_run) {}

}  // namespace fas::app
