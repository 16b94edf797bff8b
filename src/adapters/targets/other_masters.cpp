#include "adapters/targets/other_masters.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "clients/aws/services/application_auto_scaling.h"

namespace fas::adapters {

namespace {

// Who suspends all that it does has the target to themselves.
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html
bool is_idle(const clients::ScalableTarget& target) {
    return target.in_suspended && target.out_suspended && target.schedules_suspended;
}

std::string advice(const clients::RegisteredTarget& registered, ScalableDimension scaled,
                   std::string_view region) {
    const std::string which =
        fmt::format("--region {} --service-namespace {} --scalable-dimension {} --resource-id {}",
                    region, scaled.service_namespace, scaled.dimension, registered.resource_id);
    return fmt::format(
        "{} is registered with Application Auto Scaling too, from {} to {}: what its policies and "
        "schedules set, this program undoes, and they undo what it sets; deregister it (aws "
        "application-autoscaling deregister-scalable-target {}), or suspend it there (aws "
        "application-autoscaling register-scalable-target {} --suspended-state "
        "DynamicScalingInSuspended=true,DynamicScalingOutSuspended=true,"
        "ScheduledScalingSuspended=true)",
        registered.resource_id, registered.target.min.value, registered.target.max.value, which,
        which);
}

}  // namespace

Error unknown_masters(Error error, std::string_view rights) {
    const bool denied = error.kind == ErrorKind::denied;
    error.message =
        fmt::format("cannot tell whether something else scales the targets: {}{}{}", error.message,
                    denied ? "; to be told of it, allow " : "", denied ? rights : "");
    return error;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
        text += names[i];
    }
    return text;
}

reactor::Task<Result<std::vector<OtherMaster>>> registered_elsewhere(
    ScalableDimension scaled, ScalableResource (*resource_of)(const TargetDescription& target),
    std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope) {
    std::map<std::string, TargetIdentity> asked;
    for (const TargetDescription& target : targets) {
        ScalableResource one = resource_of(target);
        asked.emplace(std::move(one.resource_id), std::move(one.target));
    }

    clients::ApplicationAutoScalingClient& client = account->application_auto_scaling.get();
    std::vector<OtherMaster> masters;
    for (auto next = asked.begin(); next != asked.end();) {
        std::vector<std::string> some;
        while (next != asked.end() && some.size() < client.resources_per_call_max) {
            some.push_back((next++)->first);
        }
        std::string service_namespace{scaled.service_namespace};
        std::string dimension{scaled.dimension};
        const auto answer = co_await client.registered(
            std::move(service_namespace), std::move(dimension), std::move(some), scope);
        if (!answer) {
            co_return unknown_masters(answer.error(),
                                      "application-autoscaling:DescribeScalableTargets");
        }
        for (const clients::RegisteredTarget& one : *answer) {
            const auto found = asked.find(one.resource_id);
            if (found == asked.end() || is_idle(one.target)) continue;
            masters.push_back({found->second, advice(one, scaled, account->context.region)});
        }
    }
    co_return masters;
}

}  // namespace fas::adapters
