// An EC2 Auto Scaling group, scaled by its desired capacity.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "adapters/targets/control_tags.h"
#include "adapters/targets/kinds.h"
#include "clients/aws/services/auto_scaling.h"
#include "reactor/when_all.h"

namespace fas::adapters {

namespace {

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
    // one whose capacity is no number of instances.
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

}  // namespace

const TargetKind targets::asg =
    target_kind<AsgOptions, AsgTarget, identity_of_group>("asg", asg_rows);

}  // namespace fas::adapters
