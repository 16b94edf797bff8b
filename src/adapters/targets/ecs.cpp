#include "adapters/targets/ecs.h"

#include <fmt/format.h>

#include "adapters/targets/control_tags.h"
#include "adapters/targets/kinds.h"
#include "adapters/targets/other_masters.h"
#include "base/quantity.h"

namespace fas::adapters {

namespace {

std::string_view ecs_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "check cluster_name, service_name and region";
        case ErrorKind::denied:
            return "check the credentials and allow ecs:DescribeServices and ecs:UpdateService";
        default: return "the next check tries again";
    }
}

// What ECS sets for one, and others change by their own APIs, Express Mode leaves as it is until
// somebody updates the Express service.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-advanced-customization.html
constexpr std::string_view express_mode =
    "it is an Express service (resourceManagementType ECS), which ECS registers with Application "
    "Auto Scaling, whose policy changes its desired count too; suspend or deregister that scalable "
    "target after each update of the Express service, or make the service an ordinary one";

// Of a name or an ARN, the name.
std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

TargetIdentity identity_of_service(const TargetDescription& description) {
    return {description.cluster, description.service};
}

ScalableResource resource_of_service(const TargetDescription& description) {
    return {identity_of_service(description),
            fmt::format("service/{}/{}", last_part(description.cluster),
                        last_part(description.service))};
}

reactor::Task<Result<std::vector<OtherMaster>>> masters_of_services(
    std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope) {
    constexpr ScalableDimension scaled{"ecs", "ecs:service:DesiredCount"};
    return registered_elsewhere(scaled, resource_of_service, std::move(targets), account,
                                std::move(scope));
}

}  // namespace

Error EcsTarget::explain(Error error, std::string_view what) const {
    error.message = fmt::format("cannot {} ECS service {} in cluster {}: {}; {}", what, service_,
                                cluster_, error.message, ecs_advice(error.kind));
    return error;
}

reactor::Task<Result<scaling::ServiceState>> EcsTarget::read(reactor::Scope scope) {
    auto service = co_await services_.describe(cluster_, service_, std::move(scope));
    if (!service) co_return explain(std::move(service.error()), "read");
    if (service->status != "ACTIVE") {
        co_return Error{.kind = ErrorKind::not_found,
                        .message = fmt::format("ECS service {} in cluster {} is {}, and only an "
                                               "ACTIVE one is scaled",
                                               service_, cluster_, service->status),
                        .service = "ECS",
                        .code = "ServiceNotActive"};
    }
    if (service->scheduling_strategy == "DAEMON") {
        co_return Error{.kind = ErrorKind::invalid,
                        .message = fmt::format("ECS service {} in cluster {} has the DAEMON "
                                               "strategy: ECS itself sets its count",
                                               service_, cluster_),
                        .service = "ECS",
                        .code = "DaemonService"};
    }
    scaling::ServiceState state{service->desired, service->running, service->pending,
                                service->deployment_in_progress, controls_by(service->tags)};
    if (service->is_express) state.other_master = express_mode;
    co_return state;
}

scaling::Controls EcsTarget::controls_by(
    const std::optional<std::vector<clients::ControlTag>>& tags) {
    if (tags) controls_ = controls_of(*tags);
    return controls_;
}

reactor::Task<Result<Tasks>> EcsTarget::protected_tasks(reactor::Scope scope) {
    auto count = co_await client_.protected_tasks(cluster_, service_, std::move(scope));
    if (count) co_return std::move(count);
    Error error = std::move(count.error());
    error.message = fmt::format(
        "cannot tell which tasks of ECS service {} in cluster {} are protected: {}; {}", service_,
        cluster_, error.message,
        error.kind == ErrorKind::denied
            ? "allow ecs:ListTasks and ecs:GetTaskProtection, or set respect_task_protection to "
              "false"
            : "the next check tries again");
    co_return error;
}

reactor::Task<Result<std::string>> EcsTarget::set_desired(Tasks desired, reactor::Scope scope) {
    auto done =
        co_await client_.update_desired_count(cluster_, service_, desired, std::move(scope));
    if (!done) {
        const std::string what = fmt::format("set {} for", quantity(desired));
        co_return explain(std::move(done.error()), what);
    }
    co_return done;
}

const TargetKind targets::ecs{kind_of<NoOptions>("ecs", {}), identity_of_service,
                              [](const TargetDescription& description,
                                 clients::AwsAccount& account) -> std::unique_ptr<ScaleTarget> {
                                  return std::make_unique<EcsTarget>(account.ecs, account.services,
                                                                     description.cluster,
                                                                     description.service);
                              },
                              masters_of_services};

}  // namespace fas::adapters
