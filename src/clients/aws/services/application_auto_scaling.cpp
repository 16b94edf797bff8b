#include "clients/aws/services/application_auto_scaling.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "clients/answers/json_answer.h"
#include "clients/aws/error.h"

namespace fas::clients {

namespace {

// https://docs.aws.amazon.com/general/latest/gr/as-app.html
constexpr AwsService application{.name = "Application Auto Scaling",
                                 .signing_name = "application-autoscaling",
                                 .host_prefix = "application-autoscaling",
                                 .target_prefix = "AnyScaleFrontendService",
                                 .protocol = Protocol::json_1_1};

constexpr json::Limits targets_limits{.bytes_max = std::size_t{256} << 10U, .depth_max = 16};

// Absent is false, by the operation's page.
bool is_suspended(const json::Value& target, std::string_view name) {
    const auto state = target.find("SuspendedState");
    const auto flag = state ? state->find(name) : std::nullopt;
    return flag && flag->as_bool().value_or(false);
}

void write_id(JsonWriter& body, const ScalableTargetId& id) {
    body.member("ServiceNamespace", std::string_view{id.service_namespace});
    body.member("ScalableDimension", std::string_view{id.dimension});
}

}  // namespace

Result<ScalableTarget> read_scalable_target(const reactor::HttpResponse& response,
                                            const ScalableTargetId& asked) {
    JsonAnswer answer{application.name, "DescribeScalableTargets", response, targets_limits};
    for (const json::Value& entry : answer.root().list("ScalableTargets")) {
        if (entry.text_at("ResourceId") != asked.resource_id ||
            entry.text_at("ScalableDimension") != asked.dimension) {
            continue;
        }
        const JsonPart target{answer, entry};
        const Tasks min{target.count("MinCapacity")};
        const Tasks max{target.count("MaxCapacity")};
        if (max < min) answer.reject("a MaxCapacity below the MinCapacity");
        return answer.give(ScalableTarget{min, max,
                                          is_suspended(entry, "DynamicScalingInSuspended"),
                                          is_suspended(entry, "DynamicScalingOutSuspended")});
    }
    if (answer.wrong()) return *answer.wrong();
    return answer.error(ErrorKind::not_found, "TargetNotRegistered",
                        "DescribeScalableTargets knows no such scalable target");
}

ApplicationAutoScalingClient::ApplicationAutoScalingClient(AwsContext& context)
    : client_(context, application) {}

reactor::Task<Result<ScalableTarget>> ApplicationAutoScalingClient::target(ScalableTargetId id,
                                                                           reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    write_id(body, id);
    body.key("ResourceIds").begin_array().value(std::string_view{id.resource_id}).end_array();
    body.end_object();
    auto response =
        co_await client_.call_json("DescribeScalableTargets", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_scalable_target(*response, id);
}

reactor::Task<Result<std::string>> ApplicationAutoScalingClient::set_bounds(
    ScalableTargetId id, Tasks min, std::optional<Tasks> max, reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    write_id(body, id);
    body.member("ResourceId", std::string_view{id.resource_id});
    body.member("MinCapacity", min.value);
    if (max) body.member("MaxCapacity", max->value);
    body.end_object();
    AwsRequest request = client_.json_request("RegisterScalableTarget", body.take());
    request.begins_within = change_begins_within;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return std::string{request_id(*response)};
}

}  // namespace fas::clients
