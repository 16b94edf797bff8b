#include "clients/ecs.h"

#include <fmt/format.h>

#include "base/excerpt.h"
#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr AwsService ecs{.name = "ECS",
                         .signing_name = "ecs",
                         .host_prefix = "ecs",
                         .target_prefix = "AmazonEC2ContainerServiceV20141113",
                         .protocol = Protocol::json_1_1};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 32};
constexpr std::size_t reason_bytes_max = 100;

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{ecs.name},
            .code = std::move(code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

Error unusable(const reactor::HttpResponse& response, std::string_view why) {
    return failure(response, ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("DescribeServices answered something unusable: {}", why));
}

std::string text_of(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return std::string{member ? member->as_string().value_or("") : ""};
}

std::optional<Tasks> read_tasks(const json::Value& service, std::string_view key) {
    const auto member = service.find(key);
    const auto count = member ? member->as_int() : std::nullopt;
    if (!count || *count < 0) return std::nullopt;
    return Tasks{*count};
}

// A second deployment means that its tasks are replacing the first one's. (A rollout state alone
// says less: a new service's only deployment stays IN_PROGRESS until it is steady.)
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
bool deployment_in_progress(const json::Value& service) {
    const auto deployments = service.find("deployments");
    return deployments && deployments->items().size() > 1;
}

// What ECS could not describe is an entry in failures[], under HTTP 200.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
Error undescribed(const reactor::HttpResponse& response, const json::Value& root) {
    std::string reason;
    if (const auto failures = root.find("failures")) {
        const std::vector<json::Value> all = failures->items();
        if (!all.empty()) reason = text_of(all.front(), "reason");
    }
    if (reason.empty() || reason == "MISSING") {
        return failure(response, ErrorKind::not_found, "MISSING",
                       "DescribeServices knows no such service in this cluster");
    }
    reason = excerpt(reason, reason_bytes_max);
    return failure(response, ErrorKind::invalid, reason,
                   fmt::format("DescribeServices failed for the service: {}", reason));
}

}  // namespace

Result<EcsService> read_service(const reactor::HttpResponse& response) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const json::Value root = document->root();
    const auto services = root.find("services");
    if (!services || !services->is_array()) return unusable(response, "it has no services");
    const std::vector<json::Value> all = services->items();
    if (all.empty()) return undescribed(response, root);

    const json::Value& service = all.front();
    const auto desired = read_tasks(service, "desiredCount");
    const auto running = read_tasks(service, "runningCount");
    const auto pending = read_tasks(service, "pendingCount");
    if (!desired) return unusable(response, "no desiredCount");
    if (!running) return unusable(response, "no runningCount");
    if (!pending) return unusable(response, "no pendingCount");
    return EcsService{text_of(service, "status"),
                      text_of(service, "schedulingStrategy"),
                      *desired,
                      *running,
                      *pending,
                      deployment_in_progress(service)};
}

EcsClient::EcsClient(AwsContext& context) : client_(context, ecs) {}

reactor::Task<Result<EcsService>> EcsClient::describe_service(std::string cluster,
                                                              std::string service,
                                                              reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("cluster", std::string_view{cluster});
    body.key("services").begin_array().value(std::string_view{service}).end_array().end_object();

    auto response = co_await client_.call_json("DescribeServices", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_service(*response);
}

reactor::Task<Result<std::string>> EcsClient::update_desired_count(std::string cluster,
                                                                   std::string service,
                                                                   Tasks desired,
                                                                   reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    body.member("cluster", std::string_view{cluster});
    body.member("service", std::string_view{service});
    body.member("desiredCount", desired.value);
    body.end_object();

    auto response = co_await client_.call_json("UpdateService", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return std::string{request_id(*response)};
}

}  // namespace fas::clients
