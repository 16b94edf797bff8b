#include "app/runtime_api.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/parse_number.h"

namespace fas::app {

namespace {

constexpr std::string_view invocation_path = "/2018-06-01/runtime/invocation";
constexpr std::string_view init_error_path = "/2018-06-01/runtime/init/error";

Error unusable(int status, std::string message) {
    return {.kind = ErrorKind::invalid,
            .message = std::move(message),
            .service = "Lambda runtime API",
            .code = fmt::format("HTTP{}", status),
            .http_status = status};
}

// Lambda's are UUIDs. Others' may be anything that needs no encoding.
bool belongs_to_a_path(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

std::optional<TimePoint> read_deadline(std::string_view milliseconds) {
    const auto since_epoch = parse_number<std::int64_t>(milliseconds);
    constexpr std::int64_t year_9999_ms = 253'402'300'799'000;
    if (!since_epoch || *since_epoch <= 0 || *since_epoch > year_9999_ms) return std::nullopt;
    return TimePoint{Milliseconds{*since_epoch}};
}

std::string error_document(const InvocationError& error) {
    JsonWriter json;
    json.begin_object();
    json.member("errorMessage", std::string_view{error.message});
    json.member("errorType", std::string_view{error.type});
    json.key("stackTrace").begin_array().end_array();
    json.end_object();
    return json.take();
}

std::vector<reactor::HttpHeader> error_headers(const InvocationError& error) {
    return {{"Content-Type", "application/vnd.aws.lambda.error+json"},
            {"Lambda-Runtime-Function-Error-Type", error.type}};
}

}  // namespace

Result<Invocation> read_invocation(reactor::HttpResponse response) {
    if (response.status != 200) {
        return unusable(response.status, "asking Lambda for the next event was refused");
    }
    Invocation invocation;
    invocation.request_id = response.header("Lambda-Runtime-Aws-Request-Id");
    if (invocation.request_id.empty()) {
        return unusable(response.status, "an event came without a request id");
    }
    if (!std::ranges::all_of(invocation.request_id, belongs_to_a_path)) {
        return unusable(response.status, "an event came with an unusable request id");
    }
    invocation.deadline = read_deadline(response.header("Lambda-Runtime-Deadline-Ms"));
    invocation.trace_id = response.header("Lambda-Runtime-Trace-Id");
    invocation.event = std::move(response.body);
    return invocation;
}

reactor::Task<Result<Invocation>> RuntimeApi::next(reactor::Scope scope) {
    reactor::LocalHttpRequest request;
    request.path = fmt::format("{}/next", invocation_path);
    request.response_bytes_max = event_bytes_max;
    auto response = co_await http_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_invocation(std::move(*response));
}

reactor::Task<Result<void>> RuntimeApi::respond(std::string request_id, std::string result,
                                                reactor::Scope scope) {
    std::string path = fmt::format("{}/{}/response", invocation_path, request_id);
    std::vector<reactor::HttpHeader> headers{{"Content-Type", "application/json"}};
    co_return co_await post(std::move(path), std::move(result), std::move(headers),
                            std::move(scope));
}

reactor::Task<Result<void>> RuntimeApi::fail(std::string request_id, InvocationError error,
                                             reactor::Scope scope) {
    std::string path = fmt::format("{}/{}/error", invocation_path, request_id);
    std::string body = error_document(error);
    std::vector<reactor::HttpHeader> headers = error_headers(error);
    co_return co_await post(std::move(path), std::move(body), std::move(headers), std::move(scope));
}

reactor::Task<Result<void>> RuntimeApi::fail_init(InvocationError error, reactor::Scope scope) {
    std::string body = error_document(error);
    std::vector<reactor::HttpHeader> headers = error_headers(error);
    std::string path{init_error_path};
    co_return co_await post(std::move(path), std::move(body), std::move(headers), std::move(scope));
}

reactor::Task<Result<void>> RuntimeApi::post(std::string path, std::string body,
                                             std::vector<reactor::HttpHeader> headers,
                                             reactor::Scope scope) {
    reactor::LocalHttpRequest request;
    request.method = "POST";
    request.path = path;
    request.headers = std::move(headers);
    request.body = std::move(body);
    auto response = co_await http_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    if (response->status != 202) {
        co_return unusable(response->status, fmt::format("Lambda refused {}", path));
    }
    co_return Result<void>{};
}

}  // namespace fas::app
