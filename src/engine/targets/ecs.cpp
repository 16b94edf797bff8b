#include "engine/targets/ecs.h"

#include <fmt/format.h>

namespace fas::engine {

namespace {

std::string_view advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "check cluster_name, service_name and region";
        case ErrorKind::denied:
            return "check the credentials and allow ecs:DescribeServices and ecs:UpdateService";
        default: return "the next check tries again";
    }
}

}  // namespace

Error EcsTarget::explain(Error error, std::string_view what) const {
    error.message = fmt::format("cannot {} ECS service {} in cluster {}: {}; {}", what, service_,
                                cluster_, error.message, advice(error.kind));
    return error;
}

reactor::Task<Result<scaling::ServiceState>> EcsTarget::read(reactor::Scope scope) {
    std::vector<std::string> asked(1, service_);
    auto services =
        co_await client_.describe_services(cluster_, std::move(asked), std::move(scope));
    if (!services) co_return explain(std::move(services.error()), "read");
    Result<clients::EcsService>& service = services->front();
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
    co_return scaling::ServiceState{service->desired, service->running, service->pending,
                                    service->deployment_in_progress};
}

reactor::Task<Result<std::string>> EcsTarget::set_desired(Tasks desired, reactor::Scope scope) {
    auto done =
        co_await client_.update_desired_count(cluster_, service_, desired, std::move(scope));
    if (!done) {
        const std::string what = fmt::format("set {} tasks for", desired.value);
        co_return explain(std::move(done.error()), what);
    }
    co_return done;
}

}  // namespace fas::engine
