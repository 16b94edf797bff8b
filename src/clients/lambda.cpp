#include "clients/lambda.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"
#include "sigv4/uri.h"

namespace fas::clients {

namespace {

constexpr AwsService lambda{.name = "Lambda",
                            .signing_name = "lambda",
                            .host_prefix = "lambda",
                            .target_prefix = "",
                            .protocol = Protocol::rest_json};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};
constexpr std::string_view none_configured = "ProvisionedConcurrencyConfigNotFoundException";

Error unusable(const reactor::HttpResponse& response, std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message =
                fmt::format("GetProvisionedConcurrencyConfig answered something unusable: {}", why),
            .service = std::string{lambda.name},
            .code = "UnusableAnswer",
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

std::optional<Tasks> read_count(const json::Value& root, std::string_view name) {
    const auto member = root.find(name);
    const auto count = member ? member->as_int() : std::nullopt;
    if (!count || *count < 0) return std::nullopt;
    return Tasks{*count};
}

std::string read_text(const json::Value& root, std::string_view name) {
    const auto member = root.find(name);
    return std::string{member ? member->as_string().value_or("") : ""};
}

AwsRequest config_request(std::string operation, std::string method, std::string_view function,
                          std::string qualifier) {
    AwsRequest request;
    request.operation = std::move(operation);
    request.method = std::move(method);
    request.path = fmt::format("/2019-09-30/functions/{}/provisioned-concurrency",
                               sigv4::uri_encode(function));
    request.query.push_back({"Qualifier", std::move(qualifier)});
    return request;
}

}  // namespace

// While Lambda gets some ready it may tell of those that are allocated alone.
Result<ProvisionedConcurrency> read_provisioned_concurrency(const reactor::HttpResponse& response) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const json::Value root = document->root();
    const auto requested = read_count(root, "RequestedProvisionedConcurrentExecutions");
    auto available = read_count(root, "AvailableProvisionedConcurrentExecutions");
    if (!available) available = read_count(root, "AllocatedProvisionedConcurrentExecutions");
    if (!requested) return unusable(response, "no RequestedProvisionedConcurrentExecutions");
    if (!available) return unusable(response, "no AvailableProvisionedConcurrentExecutions");
    ProvisionedConcurrency read{*requested, *available, read_text(root, "Status"),
                                read_text(root, "StatusReason")};
    if (read.status != "READY" && read.status != "IN_PROGRESS" && read.status != "FAILED") {
        return unusable(response, "no Status that is known");
    }
    return read;
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
