#include "clients/aws_client.h"

#include <fmt/format.h>

#include "clients/aws_error.h"
#include "clients/retry.h"

namespace fas::clients {

namespace {

constexpr std::size_t response_bytes_max = std::size_t{1} << 20U;
constexpr Milliseconds attempt_timeout{10'000};

TimePoint wall_clock() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string_view content_type(Protocol protocol) {
    switch (protocol) {
        case Protocol::json_1_0: return "application/x-amz-json-1.0";
        case Protocol::json_1_1: return "application/x-amz-json-1.1";
        case Protocol::rest_xml: break;
    }
    return "";
}

}  // namespace

AwsClient::AwsClient(AwsContext& context, AwsService service)
    : context_(context),
      service_(service),
      endpoint_(resolve_endpoint(service, context.region, context.environment)) {}

reactor::HttpRequest AwsClient::signed_request(const AwsRequest& request,
                                               const sigv4::Credentials& credentials) {
    const std::string& host = request.host.empty() ? endpoint_->host : request.host;
    const std::string path = endpoint_->base_path + request.path;
    std::vector<sigv4::Field> headers{{"Host", host}};
    headers.insert(headers.end(), request.headers.begin(), request.headers.end());

    const sigv4::Service scope{std::string{service_.signing_name}, context_.region,
                               service_.path_encoding, service_.content_sha256_header};
    const sigv4::Request to_sign{.method = request.method,
                                 .path = path,
                                 .query = {},
                                 .headers = headers,
                                 .body = request.body};
    const std::vector<sigv4::Field> signature =
        signer_.sign(to_sign, scope, credentials, wall_clock());
    headers.insert(headers.end(), signature.begin(), signature.end());

    reactor::HttpRequest http;
    http.method = request.method;
    http.url = fmt::format("{}://{}{}", endpoint_->scheme, host, path);
    for (sigv4::Field& field : headers) {
        http.headers.push_back({std::move(field.name), std::move(field.value)});
    }
    http.headers.push_back({"User-Agent", "fast-autoscaler"});
    http.body = request.body;
    http.total_timeout = attempt_timeout;
    http.response_bytes_max = response_bytes_max;
    return http;
}

reactor::Task<Result<reactor::HttpResponse>> AwsClient::send(AwsRequest request,
                                                             reactor::Scope scope) {
    if (!endpoint_) co_return endpoint_.error();
    for (int attempt = 1;; ++attempt) {
        auto credentials = co_await context_.credentials.get(scope);
        if (!credentials) co_return credentials.error();

        reactor::HttpRequest http = signed_request(request, *credentials);
        auto response = co_await context_.http.send(std::move(http), scope);
        if (response && succeeded(*response)) {
            context_.log.write(LogLevel::debug, "called",
                               {{"service", service_.name},
                                {"operation", request.operation},
                                {"http_status", std::int64_t{response->status}},
                                {"request_id", request_id(*response)}});
            co_return response;
        }

        Error error = response ? parse_aws_error(service_, request.operation, *response)
                               : std::move(response.error());
        error.service = service_.name;
        if (!worth_retrying(error.kind) || attempt == attempts_max) co_return error;

        const Milliseconds pause = backoff(error.kind, attempt, random_);
        context_.log.write(LogLevel::debug, "retrying",
                           {{"operation", request.operation},
                            {"attempt", std::int64_t{attempt}},
                            {"pause_ms", std::int64_t{pause.count()}},
                            {"error", describe(error)}});
        auto rested = co_await context_.reactor.sleep_for(pause, scope);
        if (!rested) co_return error;  // why it failed says more than that time ran out
    }
}

reactor::Task<Result<reactor::HttpResponse>> AwsClient::call_json(std::string operation,
                                                                  std::string body,
                                                                  reactor::Scope scope) {
    AwsRequest request;
    request.headers = {{"Content-Type", std::string{content_type(service_.protocol)}},
                       {"X-Amz-Target", fmt::format("{}.{}", service_.target_prefix, operation)}};
    request.operation = std::move(operation);
    request.body = std::move(body);
    co_return co_await send(std::move(request), std::move(scope));
}

}  // namespace fas::clients
