#include "clients/ecs.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "clients/aws_error.h"

namespace fas::clients {

namespace {

constexpr AwsService ecs{.name = "ECS",
                         .signing_name = "ecs",
                         .host_prefix = "ecs",
                         .target_prefix = "AmazonEC2ContainerServiceV20141113",
                         .protocol = Protocol::json_1_1};

}  // namespace

EcsClient::EcsClient(AwsContext& context) : client_(context, ecs) {}

reactor::Task<Result<std::vector<Result<EcsService>>>> EcsClient::describe_services(
    std::string cluster, std::vector<std::string> services, reactor::Scope scope) {
    if (services.empty() || services.size() > services_per_call_max) {
        co_return Error{.message = fmt::format("DescribeServices takes 1 to {} services, not {}",
                                               services_per_call_max, services.size()),
                        .service = std::string{ecs.name}};
    }
    JsonWriter body;
    body.begin_object().member("cluster", std::string_view{cluster});
    body.key("services").begin_array();
    for (const std::string& service : services) body.value(std::string_view{service});
    body.end_array().key("include").begin_array().value("TAGS").end_array().end_object();

    AwsRequest request = client_.json_request("DescribeServices", body.take());
    request.response_bytes_max = services_answer_bytes_max;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_services(*response, services);
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
