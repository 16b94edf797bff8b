#include "clients/application_auto_scaling.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

// https://docs.aws.amazon.com/general/latest/gr/as-app.html
constexpr AwsService application{.name = "Application Auto Scaling",
                                 .signing_name = "application-autoscaling",
                                 .host_prefix = "application-autoscaling",
                                 .target_prefix = "AnyScaleFrontendService",
                                 .protocol = Protocol::json_1_1};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{256} << 10U, .depth_max = 16};

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{application.name},
            .code = std::move(code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

Error unusable(const reactor::HttpResponse& response, std::string_view why) {
    return failure(response, ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("DescribeScalableTargets answered something unusable: {}", why));
}

std::optional<Tasks> read_count(const json::Value& target, std::string_view name) {
    const auto member = target.find(name);
    const auto count = member ? member->as_int() : std::nullopt;
    if (!count || *count < 0) return std::nullopt;
    return Tasks{*count};
}

std::string_view text_of(const json::Value& target, std::string_view name) {
    const auto member = target.find(name);
    return member ? member->as_string().value_or("") : "";
}

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
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const auto targets = document->root().find("ScalableTargets");
    if (!targets || !targets->is_array()) return unusable(response, "it has no ScalableTargets");
    for (const json::Value& target : targets->items()) {
        if (text_of(target, "ResourceId") != asked.resource_id ||
            text_of(target, "ScalableDimension") != asked.dimension) {
            continue;
        }
        const auto min = read_count(target, "MinCapacity");
        const auto max = read_count(target, "MaxCapacity");
        if (!min) return unusable(response, "no MinCapacity");
        if (!max || *max < *min) return unusable(response, "no MaxCapacity");
        return ScalableTarget{*min, *max, is_suspended(target, "DynamicScalingInSuspended"),
                              is_suspended(target, "DynamicScalingOutSuspended")};
    }
    return failure(response, ErrorKind::not_found, "TargetNotRegistered",
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
    auto response =
        co_await client_.call_json("RegisterScalableTarget", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return std::string{request_id(*response)};
}

}  // namespace fas::clients
