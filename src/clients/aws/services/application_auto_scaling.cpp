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

ScalableTarget read_target(Answer& answer, const json::Value& entry) {
    const JsonPart part{answer, entry};
    const Tasks min{part.count("MinCapacity")};
    const Tasks max{part.count("MaxCapacity")};
    if (max < min) answer.reject("a MaxCapacity below the MinCapacity");
    return {min, max, is_suspended(entry, "DynamicScalingInSuspended"),
            is_suspended(entry, "DynamicScalingOutSuspended"),
            is_suspended(entry, "ScheduledScalingSuspended")};
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
        const ScalableTarget target = read_target(answer, entry);
        return answer.give(target);
    }
    if (answer.wrong()) return *answer.wrong();
    return answer.error(ErrorKind::not_found, "TargetNotRegistered",
                        "DescribeScalableTargets knows no such scalable target");
}

Result<std::vector<RegisteredTarget>> read_registered(const reactor::HttpResponse& response,
                                                      std::string_view dimension) {
    JsonAnswer answer{application.name, "DescribeScalableTargets", response, targets_limits};
    std::vector<RegisteredTarget> targets;
    for (const json::Value& entry : answer.root().list("ScalableTargets")) {
        if (entry.text_at("ScalableDimension") != dimension) continue;
        const JsonPart part{answer, entry};
        targets.push_back({std::string{part.some_text("ResourceId")}, read_target(answer, entry)});
    }
    return answer.give(std::move(targets));
}

Result<std::vector<std::string>> read_names(const reactor::HttpResponse& response,
                                            std::string_view operation, std::string_view key,
                                            std::string_view name) {
    JsonAnswer answer{application.name, operation, response, targets_limits};
    std::vector<std::string> names;
    for (const json::Value& entry : answer.root().list(key)) {
        const JsonPart part{answer, entry};
        names.emplace_back(part.some_text(name));
    }
    return answer.give(std::move(names));
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

reactor::Task<Result<std::vector<RegisteredTarget>>> ApplicationAutoScalingClient::registered(
    std::string service_namespace, std::string dimension, std::vector<std::string> resources,
    reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    body.member("ServiceNamespace", std::string_view{service_namespace});
    body.member("ScalableDimension", std::string_view{dimension});
    body.key("ResourceIds").begin_array();
    for (const std::string& resource : resources) body.value(std::string_view{resource});
    body.end_array().end_object();
    auto response =
        co_await client_.call_json("DescribeScalableTargets", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_registered(*response, dimension);
}

reactor::Task<Result<reactor::HttpResponse>> ApplicationAutoScalingClient::describe(
    std::string operation, ScalableTargetId id, reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    write_id(body, id);
    body.member("ResourceId", std::string_view{id.resource_id});
    body.end_object();
    co_return co_await client_.call_json(std::move(operation), body.take(), std::move(scope));
}

reactor::Task<Result<std::vector<std::string>>> ApplicationAutoScalingClient::policies(
    ScalableTargetId id, reactor::Scope scope) {
    const auto response =
        co_await describe("DescribeScalingPolicies", std::move(id), std::move(scope));
    if (!response) co_return response.error();
    co_return read_names(*response, "DescribeScalingPolicies", "ScalingPolicies", "PolicyName");
}

reactor::Task<Result<std::vector<std::string>>> ApplicationAutoScalingClient::scheduled_actions(
    ScalableTargetId id, reactor::Scope scope) {
    const auto response =
        co_await describe("DescribeScheduledActions", std::move(id), std::move(scope));
    if (!response) co_return response.error();
    co_return read_names(*response, "DescribeScheduledActions", "ScheduledActions",
                         "ScheduledActionName");
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
