// An EC2 Auto Scaling group, scaled by its desired capacity.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "adapters/targets/control_tags.h"
#include "adapters/targets/kinds.h"
#include "adapters/targets/other_masters.h"
#include "base/excerpt.h"
#include "clients/aws/services/auto_scaling.h"
#include "reactor/when_all.h"

namespace fas::adapters {

namespace {

constexpr std::size_t principal_bytes_max = 128;
constexpr std::string_view rights_to_tell =
    "autoscaling:DescribePolicies and autoscaling:DescribeScheduledActions";

struct AsgOptions {
    std::string auto_scaling_group;
    bool watch_instance_refresh = true;
};

constexpr std::array asg_rows{
    Row{"auto_scaling_group",
        Text{{" -~", 1, 255}, "a name of 1 to 255 printable ASCII characters"},
        field<&AsgOptions::auto_scaling_group>, "The name of the Auto Scaling group.",
        Need::required, Example{"workers"}},
    Row{"watch_instance_refresh", Flag{}, field<&AsgOptions::watch_instance_refresh>,
        "Ask at each check whether an instance refresh is going on, and do not scale in while one "
        "is."},
};

std::string_view asg_advice(const Error& error) {
    if (error.code == "ScalingActivityInProgress") {
        return "a scaling activity of the group is going on, and the next check tries again";
    }
    switch (error.kind) {
        case ErrorKind::not_found: return "check auto_scaling_group and region";
        case ErrorKind::denied:
            return "check the credentials and allow autoscaling:DescribeAutoScalingGroups and "
                   "autoscaling:SetDesiredCapacity";
        default: return "the next check tries again";
    }
}

// Who suspends a process wants its work not to be done, and not to be done all at once when it is
// resumed. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
void add_suspended(scaling::Controls& controls, const clients::AutoScalingGroup& group) {
    if (group.launch_suspended && group.terminate_suspended) {
        controls.suspended = scaling::Pause::all;
        controls.suspended_by = "the group's processes Launch and Terminate are suspended";
    } else if (group.launch_suspended) {
        controls.suspended = scaling::Pause::out;
        controls.suspended_by = "the group's process Launch is suspended";
    } else if (group.terminate_suspended) {
        controls.suspended = scaling::Pause::in;
        controls.suspended_by = "the group's process Terminate is suspended";
    }
}

class AsgTarget final : public ScaleTarget {
  public:
    AsgTarget(const AsgOptions& options, clients::AwsAccount& account)
        : client_(account.auto_scaling.get()),
          name_(options.auto_scaling_group),
          watch_refresh_(options.watch_instance_refresh) {}

    // Errors besides those of the client: not_found for a group that is being deleted, invalid for
    // one whose capacity is no number of instances, and for one that only its operator may change.
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope scope) override {
        auto reading = client_.group(name_, scope);
        auto asking = refreshing(scope);
        auto both = co_await reactor::when_all(std::move(reading), std::move(asking));
        auto& [group, refresh] = both;
        if (!group) co_return explain(std::move(group.error()), "read");
        if (!group->status.empty()) {
            co_return refusal(ErrorKind::not_found, "GroupBeingDeleted",
                              fmt::format("is being deleted ({})", group->status));
        }
        if (!group->unit.empty() && group->unit != "units") {
            co_return refusal(
                ErrorKind::invalid, "CapacityNotInUnits",
                fmt::format("counts its capacity in {}, and only one that counts it in units, "
                            "which are instances or their weights, is scaled",
                            group->unit));
        }
        if (!group->operator_principal.empty()) {
            co_return refusal(
                ErrorKind::invalid, "GroupHasOperator",
                fmt::format("is managed by {}, which alone may change it; scale it there, and take "
                            "it out of the configuration",
                            excerpt(group->operator_principal, principal_bytes_max)));
        }
        if (!refresh) co_return std::move(refresh.error());
        scaling::ServiceState state{group->desired, group->running, group->pending, *refresh,
                                    controls_of(group->tags)};
        add_suspended(state.controls, *group);
        state.own_min = group->min;
        state.own_max = group->max;
        co_return state;
    }

    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope scope) override {
        auto group = co_await client_.group(name_, std::move(scope));
        if (!group) co_return explain(std::move(group.error()), "tell the protected instances of");
        co_return group->protected_from_in;
    }

    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope scope) override {
        auto done = co_await client_.set_desired_capacity(name_, desired, std::move(scope));
        if (done) co_return done;
        const std::string what = fmt::format("set a desired capacity of {} for", desired.value);
        co_return explain(std::move(done.error()), what);
    }

  private:
    reactor::Task<Result<bool>> refreshing(reactor::Scope scope) {
        if (!watch_refresh_) co_return false;
        auto answer = co_await client_.refreshing(name_, std::move(scope));
        if (answer) co_return answer;
        Error error = std::move(answer.error());
        error.message = fmt::format(
            "cannot tell whether an instance refresh of Auto Scaling group {} is going on: {}; {}",
            name_, error.message,
            error.kind == ErrorKind::denied ? "allow autoscaling:DescribeInstanceRefreshes, or set "
                                              "watch_instance_refresh to false"
                                            : "the next check tries again");
        co_return error;
    }

    Error explain(Error error, std::string_view what) const {
        error.message = fmt::format("cannot {} Auto Scaling group {}: {}; {}", what, name_,
                                    error.message, asg_advice(error));
        return error;
    }

    Error refusal(ErrorKind kind, std::string code, std::string_view why) const {
        return {.kind = kind,
                .message = fmt::format("Auto Scaling group {} {}", name_, why),
                .service = "Auto Scaling",
                .code = std::move(code)};
    }

    clients::AutoScalingClient& client_;
    std::string name_;
    bool watch_refresh_;
};

TargetIdentity identity_of_group(const AsgOptions& options) {
    return {"asg", options.auto_scaling_group};
}

std::string masters_of_group(std::string_view what, const std::vector<std::string>& names,
                             std::string_view command) {
    return fmt::format(
        "the Auto Scaling group has {} of its own ({}), which change its desired capacity too: "
        "what they set, this program undoes, and they undo what it sets; delete them (aws "
        "autoscaling {}), or suspend them (aws autoscaling suspend-processes --scaling-processes "
        "AlarmNotification ScheduledActions)",
        what, listed(names), command);
}

// Gives a message, or nothing where the group has only us.
reactor::Task<Result<std::string>> master_of_group(clients::AutoScalingClient* client,
                                                   std::string name, reactor::Scope scope) {
    const auto group = co_await client->group(name, scope);
    if (!group) co_return group.error();
    if (!group->alarms_suspended) {
        const auto policies = co_await client->policies(name, scope);
        if (!policies) co_return policies.error();
        if (!policies->empty()) {
            co_return masters_of_group("scaling policies", *policies, "delete-policy");
        }
    }
    if (group->schedules_suspended) co_return std::string{};
    const auto actions = co_await client->scheduled_actions(name, scope);
    if (!actions) co_return actions.error();
    if (actions->empty()) co_return std::string{};
    co_return masters_of_group("scheduled actions", *actions, "delete-scheduled-action");
}

reactor::Task<Result<std::vector<OtherMaster>>> masters_of_groups(
    std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope) {
    std::vector<OtherMaster> masters;
    for (const TargetDescription& each : targets) {
        const auto& options = each.options.as<AsgOptions>();
        auto message = co_await master_of_group(&account->auto_scaling.get(),
                                                options.auto_scaling_group, scope);
        if (!message) {
            if (message.error().kind == ErrorKind::not_found) continue;  // which its checks say
            co_return unknown_masters(std::move(message.error()), rights_to_tell);
        }
        if (!message->empty()) masters.push_back({identity_of_group(options), *message});
    }
    co_return masters;
}

}  // namespace

const TargetKind targets::asg =
    target_kind<AsgOptions, AsgTarget, identity_of_group, masters_of_groups>("asg", asg_rows);

}  // namespace fas::adapters
