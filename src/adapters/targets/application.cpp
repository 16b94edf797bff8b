// Whatever AWS Application Auto Scaling can scale, by the bounds that are registered with it. It
// does not say what the resource has at present, so what it is to have stands for that too.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/targets/kinds.h"
#include "adapters/targets/other_masters.h"
#include "clients/aws/services/application_auto_scaling.h"

namespace fas::adapters {

namespace {

enum class Bounds { both, min };
constexpr std::array bounds_names{Name{"both", Bounds::both}, Name{"min", Bounds::min}};

constexpr std::string_view rights_to_tell_resource =
    "application-autoscaling:DescribeScheduledActions and "
    "application-autoscaling:DescribeScalingPolicies";

struct ApplicationOptions {
    clients::ScalableTargetId id;
    Bounds set = Bounds::both;
};

constexpr std::array application_rows{
    Row{"service_namespace",
        Text{{"a-z0-9-", 1, 40}, "a service namespace of Application Auto Scaling"},
        field<&ApplicationOptions::id, &clients::ScalableTargetId::service_namespace>,
        "The service of the scalable target: \"dynamodb\", \"sagemaker\".", Need::required,
        Variable{"SCALABLE_NAMESPACE"}, Example{"dynamodb"}},
    Row{"resource_id", Text{{"!-~", 1, 700}, "1 to 700 printable ASCII characters without a space"},
        field<&ApplicationOptions::id, &clients::ScalableTargetId::resource_id>,
        "The resource: \"table/orders\", \"endpoint/model/variant/main\".", Need::required,
        Example{"table/orders"}},
    Row{"scalable_dimension",
        Text{{"a-zA-Z0-9:-", 1, 100}, "a scalable dimension of Application Auto Scaling"},
        field<&ApplicationOptions::id, &clients::ScalableTargetId::dimension>,
        "What of it is scaled: \"dynamodb:table:WriteCapacityUnits\". Begins with the service "
        "namespace.",
        Need::required, Variable{"SCALABLE_DIMENSION"},
        Example{"dynamodb:table:WriteCapacityUnits"}},
    Row{"set", Choice{bounds_names}, field<&ApplicationOptions::set>,
        "\"both\" sets the minimum and the maximum to the wanted number, so that the resource has "
        "just that; \"min\" the minimum alone, above which the target's own scaling policies "
        "decide, "
        "and raises the maximum only where the minimum would be above it."},
};

std::string_view application_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found:
            return "register it once (application-autoscaling register-scalable-target), or check "
                   "service_namespace, resource_id, scalable_dimension and region";
        case ErrorKind::denied:
            return "check the credentials and allow "
                   "application-autoscaling:DescribeScalableTargets and "
                   "application-autoscaling:RegisterScalableTarget";
        case ErrorKind::invalid:
            return "check service_namespace, resource_id, scalable_dimension, and which capacities "
                   "the resource can have";
        default: return "the next check tries again";
    }
}

// Suspended is what the scaling policies may do, and who suspends that wants no such thing done.
// https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html
scaling::Controls suspension_of(const clients::ScalableTarget& target) {
    scaling::Controls controls;
    if (target.in_suspended && target.out_suspended) {
        controls.suspended = scaling::Pause::all;
        controls.suspended_by = "the scalable target's dynamic scaling is suspended";
    } else if (target.in_suspended) {
        controls.suspended = scaling::Pause::in;
        controls.suspended_by = "the scalable target's DynamicScalingInSuspended is true";
    } else if (target.out_suspended) {
        controls.suspended = scaling::Pause::out;
        controls.suspended_by = "the scalable target's DynamicScalingOutSuspended is true";
    }
    return controls;
}

class ApplicationTarget final : public ScaleTarget {
  public:
    ApplicationTarget(const ApplicationOptions& options, clients::AwsAccount& account)
        : client_(account.application_auto_scaling.get()),
          id_(options.id),
          set_both_(options.set == Bounds::both) {}

    // Errors besides those of the client: invalid where both bounds are to be set and are not the
    // same yet, so that it is unknown what the resource is to have.
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope scope) override {
        auto target = co_await client_.target(id_, std::move(scope));
        if (!target) co_return explain(std::move(target.error()), "read");
        if (set_both_ && target->min != target->max) co_return apart(*target);
        co_return scaling::ServiceState{target->min, target->min, Tasks{0}, false,
                                        suspension_of(*target)};
    }

    // Application Auto Scaling knows of no protection.
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope) override { co_return Tasks{0}; }

    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope scope) override {
        std::optional<Tasks> max = desired;
        if (!set_both_) {
            const auto target = co_await client_.target(id_, scope);
            if (!target) co_return explain(target.error(), "read");
            if (desired <= target->max) max.reset();
        }
        auto done = co_await client_.set_bounds(id_, desired, max, std::move(scope));
        if (done) co_return done;
        const std::string what = fmt::format("set a capacity of {} for", desired.value);
        co_return explain(std::move(done.error()), what);
    }

  private:
    std::string name() const { return fmt::format("{} of {}", id_.dimension, id_.resource_id); }

    Error explain(Error error, std::string_view what) const {
        error.message = fmt::format("cannot {} scalable target {}: {}; {}", what, name(),
                                    error.message, application_advice(error.kind));
        return error;
    }

    Error apart(const clients::ScalableTarget& target) const {
        return {.kind = ErrorKind::invalid,
                .message = fmt::format(
                    "scalable target {} is registered from {} to {}, so that it is unknown what it "
                    "is to have; register it once with the same minimum and maximum, or set `set` "
                    "to min, which leaves its maximum to its scaling policies",
                    name(), target.min.value, target.max.value),
                .service = "Application Auto Scaling",
                .code = "BoundsApart"};
    }

    clients::ApplicationAutoScalingClient& client_;
    clients::ScalableTargetId id_;
    bool set_both_;
};

// A table has a dimension for reads and one for writes: the name has both, "table/orders" and
// "ReadCapacityUnits".
TargetIdentity identity_of_resource(const ApplicationOptions& options) {
    const std::string& dimension = options.id.dimension;
    return {"application", fmt::format("{}/{}", options.id.resource_id,
                                       dimension.substr(dimension.rfind(':') + 1))};
}

// With both bounds at one number no policy of the target's own can do anything; above a minimum
// alone that is what they are for. A scheduled action sets the bounds, which is our work.
reactor::Task<Result<std::string>> master_of_resource(clients::ApplicationAutoScalingClient* client,
                                                      ApplicationOptions options,
                                                      reactor::Scope scope) {
    const auto target = co_await client->target(options.id, scope);
    if (!target) co_return target.error();
    if (!target->schedules_suspended) {
        const auto actions = co_await client->scheduled_actions(options.id, scope);
        if (!actions) co_return actions.error();
        if (!actions->empty()) {
            co_return fmt::format(
                "the scalable target has scheduled actions ({}), which set its bounds too: what "
                "they set, this program undoes, and they undo what it sets; delete them (aws "
                "application-autoscaling delete-scheduled-action), or suspend them "
                "(register-scalable-target --suspended-state ScheduledScalingSuspended=true)",
                listed(*actions));
        }
    }
    if (options.set == Bounds::min) co_return std::string{};
    const auto policies = co_await client->policies(options.id, scope);
    if (!policies) co_return policies.error();
    if (policies->empty()) co_return std::string{};
    co_return fmt::format(
        "the scalable target has scaling policies ({}), which change nothing while this program "
        "sets both of its bounds to one number; delete them (aws application-autoscaling "
        "delete-scaling-policy), or let them decide above a minimum (`set` min)",
        listed(*policies));
}

reactor::Task<Result<std::vector<OtherMaster>>> masters_of_resources(
    std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope) {
    std::vector<OtherMaster> masters;
    for (const TargetDescription& each : targets) {
        const auto& options = each.options.as<ApplicationOptions>();
        auto message =
            co_await master_of_resource(&account->application_auto_scaling.get(), options, scope);
        if (!message) {
            if (message.error().kind == ErrorKind::not_found) continue;  // which its checks say
            co_return unknown_masters(std::move(message.error()), rights_to_tell_resource);
        }
        if (!message->empty()) masters.push_back({identity_of_resource(options), *message});
    }
    co_return masters;
}

std::optional<Clash> application_clash(const ApplicationOptions& options) {
    const std::string& service = options.id.service_namespace;
    if (options.id.dimension.starts_with(service + ":")) return std::nullopt;
    return Clash{"scalable_dimension",
                 fmt::format("must begin with the service namespace, \"{}:\"", service)};
}

}  // namespace

const TargetKind targets::application =
    target_kind<ApplicationOptions, ApplicationTarget, identity_of_resource, masters_of_resources,
                application_clash>("application", application_rows, "SCALABLE_");

}  // namespace fas::adapters
