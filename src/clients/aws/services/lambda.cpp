#include "clients/aws/services/lambda.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/uri_encode.h"
#include "clients/answers/json_answer.h"
#include "clients/aws/error.h"

namespace fas::clients {

namespace {

constexpr AwsService lambda{.name = "Lambda",
                            .signing_name = "lambda",
                            .host_prefix = "lambda",
                            .target_prefix = "",
                            .protocol = Protocol::rest_json};

constexpr std::string_view none_configured = "ProvisionedConcurrencyConfigNotFoundException";

AwsRequest config_request(std::string operation, std::string method, std::string_view function,
                          std::string qualifier) {
    AwsRequest request;
    request.operation = std::move(operation);
    request.method = std::move(method);
    request.path =
        fmt::format("/2019-09-30/functions/{}/provisioned-concurrency", uri_encode(function));
    request.query.push_back({"Qualifier", std::move(qualifier)});
    return request;
}

}  // namespace

// While Lambda gets some ready it may tell of those that are allocated alone.
Result<ProvisionedConcurrency> read_provisioned_concurrency(const reactor::HttpResponse& response) {
    JsonAnswer answer{lambda.name, "GetProvisionedConcurrencyConfig", response};
    const JsonPart root = answer.root();
    const auto available = root.count_at("AvailableProvisionedConcurrentExecutions");
    ProvisionedConcurrency read;
    read.requested = Tasks{root.count("RequestedProvisionedConcurrentExecutions")};
    read.available =
        Tasks{available ? *available : root.count("AllocatedProvisionedConcurrentExecutions")};
    read.status = root.text("Status");
    read.reason = root.text_at("StatusReason");
    if (read.status != "READY" && read.status != "IN_PROGRESS" && read.status != "FAILED") {
        answer.lacks("Status that is known");
    }
    return answer.give(std::move(read));
}

LambdaClient::LambdaClient(AwsContext& context) : client_(context, lambda) {}

reactor::Task<Result<std::optional<ProvisionedConcurrency>>> LambdaClient::provisioned_concurrency(
    std::string function, std::string qualifier, reactor::Scope scope) {
    AwsRequest request =
        config_request("GetProvisionedConcurrencyConfig", "GET", function, std::move(qualifier));
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response && response.error().code == none_configured) {
        co_return std::optional<ProvisionedConcurrency>{};
    }
    if (!response) co_return response.error();
    auto read = read_provisioned_concurrency(*response);
    if (!read) co_return read.error();
    co_return std::optional<ProvisionedConcurrency>{std::move(*read)};
}

reactor::Task<Result<std::string>> LambdaClient::set_provisioned_concurrency(std::string function,
                                                                             std::string qualifier,
                                                                             Tasks requested,
                                                                             reactor::Scope scope) {
    const bool none = requested == Tasks{0};
    AwsRequest request = config_request(
        none ? "DeleteProvisionedConcurrencyConfig" : "PutProvisionedConcurrencyConfig",
        none ? "DELETE" : "PUT", function, std::move(qualifier));
    request.begins_within = change_begins_within;
    if (!none) {
        JsonWriter body;
        body.begin_object();
        body.member("ProvisionedConcurrentExecutions", requested.value);
        body.end_object();
        request.body = body.take();
        request.headers.push_back({"Content-Type", "application/json"});
    }
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (response) co_return std::string{request_id(*response)};
    if (none && response.error().code == none_configured) co_return response.error().request_id;
    co_return response.error();
}

}  // namespace fas::clients
