#include "clients/aws/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/crc32.h"
#include "base/parse_number.h"
#include "base/uri_encode.h"
#include "clients/answers/answer.h"
#include "clients/aws/error.h"

namespace fas::clients {

namespace {

constexpr Milliseconds attempt_timeout{10'000};

std::string_view content_type(Protocol protocol) {
    switch (protocol) {
        case Protocol::json_1_0: return "application/x-amz-json-1.0";
        case Protocol::json_1_1: return "application/x-amz-json-1.1";
        case Protocol::query: return "application/x-www-form-urlencoded; charset=utf-8";
        case Protocol::rest_json:
        case Protocol::rest_xml: break;
    }
    return "";
}

std::string encode_query(const std::vector<sigv4::Field>& fields) {
    std::string query;
    for (const sigv4::Field& field : fields) {
        if (!query.empty()) query += '&';
        query += uri_encode(field.name);
        query += '=';
        query += uri_encode(field.value);
    }
    return query;
}

// Amazon's own roots are enough for the hosts of its public partitions, and cost a fraction of a
// system's bundle to load. The other partitions' certificates come from elsewhere.
// https://www.amazontrust.com/repository/
reactor::Trust trust_for(const Endpoint& endpoint, std::string_view host) {
    const bool amazon =
        !endpoint.user_named && (host.ends_with(".amazonaws.com") || host.ends_with(".api.aws"));
    return amazon ? reactor::Trust::amazon : reactor::Trust::system;
}

// The keys have ended, or are none that the service knows: they were deleted, or turned off. Where
// they came from there may be others by now.
bool keys_refused(const Error& error) {
    static constexpr std::array codes = std::to_array<std::string_view>(
        {"ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException",
         "InvalidClientTokenId", "InvalidAccessKeyId"});
    return std::ranges::find(codes, error.code) != codes.end();
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html (x-amz-retry-after)
std::optional<Milliseconds> retry_hint(const Result<reactor::HttpResponse>& response) {
    if (!response) return std::nullopt;
    const auto ms = parse_number<std::int64_t>(response->header("x-amz-retry-after"));
    if (!ms || *ms < 0) return std::nullopt;
    return Milliseconds{*ms};
}

// DynamoDB says what the CRC-32 of the body is: over a proxy, TLS does not guard it all the way.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
std::optional<Error> damage(const reactor::HttpResponse& response) {
    const auto sum = parse_number<std::uint32_t>(response.header("x-amz-crc32"));
    if (!sum || *sum == crc32(response.body)) return std::nullopt;
    return Error{.kind = ErrorKind::retryable,
                 .message = "the answer was damaged on its way: its checksum does not match",
                 .code = "ChecksumMismatch",
                 .http_status = response.status,
                 .request_id = std::string{request_id(response)}};
}

// A proxy or a load balancer on the way answers with a page, whose status says nothing of what was
// asked for: no service of AWS's that is called here speaks HTML.
std::optional<Error> page_of_another(const reactor::HttpResponse& response) {
    std::string_view body = response.body;
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
    const bool html =
        starts_ignoring_case(body, "<!doctype html") || starts_ignoring_case(body, "<html");
    if (!html) return std::nullopt;
    return Error{.kind = ErrorKind::retryable,
                 .message = fmt::format("something on the way answered with a web page (HTTP {}) "
                                        "in place of AWS; check the proxy and the endpoint",
                                        response.status),
                 .code = "NotFromAws",
                 .http_status = response.status};
}

bool wanted(const AwsRequest& request, const reactor::HttpResponse& response) {
    return succeeded(response) || (request.readable != nullptr && request.readable(response));
}

bool is_late(const AwsRequest& request, SteadyTime called) {
    return request.begins_within > Milliseconds{0} &&
           reactor::now() - called > request.begins_within;
}

Error too_late(const AwsService& service, const AwsRequest& request) {
    return {.kind = ErrorKind::retryable,
            .message = fmt::format(
                "{} waited for over {:g} s, for its keys or since the service throttles it, and "
                "what it was decided on is old by now; nothing was sent, and the next check "
                "decides anew",
                request.operation, Seconds{request.begins_within}.count()),
            .service = std::string{service.name},
            .code = "TooLate"};
}

Error withdrawn(const AwsService& service, const AwsRequest& request) {
    return {
        .kind = ErrorKind::cancelled,
        .message = fmt::format("{} was not sent: what asked for it has been superseded meanwhile",
                               request.operation),
        .service = std::string{service.name},
        .code = "Superseded"};
}

Error failure(const AwsService& service, const std::string& operation,
              Result<reactor::HttpResponse>& response, bool clock_corrected) {
    Error error =
        response ? parse_aws_error(service, operation, *response) : std::move(response.error());
    error.service = service.name;
    if (error.code == "CertificateNotTrusted") {
        error.message += "; AWS_CA_BUNDLE names a file of others to trust";
    }
    // Signed anew, by the corrected clock, the same request is acceptable.
    if (refused_for_its_time(error) || (clock_corrected && error.kind == ErrorKind::denied)) {
        error.kind = ErrorKind::retryable;
    }
    return error;
}

}  // namespace

AwsClient::AwsClient(AwsContext& context, AwsService service)
    : context_(context),
      service_(service),
      endpoint_(resolve_endpoint(service, context.region, context.settings)),
      clock_(context.clock),
      rates_(context.reactor, context.log, service.name) {}

// The same for all attempts of a call, in the form of a UUID.
std::string AwsClient::new_invocation_id() {
    const std::uint64_t a = random_();
    const std::uint64_t b = random_();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xffffU,
                       a & 0xfffU, 0x8000U | (b >> 50U), b & 0xffff'ffff'ffffU);
}

reactor::HttpRequest AwsClient::http_request(const Call& call) {
    const AwsRequest& request = call.request;
    const std::string& host = request.host.empty() ? endpoint_->host : request.host;
    const std::string path = endpoint_->base_path + request.path;
    std::vector<sigv4::Field> headers{{"Host", host}};
    headers.insert(headers.end(), request.headers.begin(), request.headers.end());

    if (!request.anonymous) {
        const sigv4::Service scope{std::string{service_.signing_name},
                                   request.region.empty() ? endpoint_->region : request.region,
                                   service_.path_encoding, service_.content_sha256_header};
        const sigv4::Request to_sign{.method = request.method,
                                     .path = path,
                                     .query = request.query,
                                     .headers = headers,
                                     .body = request.body};
        const std::vector<sigv4::Field> signature =
            signer_.sign(to_sign, scope, call.keys, clock_.now());
        headers.insert(headers.end(), signature.begin(), signature.end());
    }
    // Not signed: proxies may not change them, but nobody is to depend on them either.
    headers.push_back({"amz-sdk-invocation-id", call.invocation_id});
    headers.push_back({"amz-sdk-request",
                       fmt::format("attempt={}; max={}", call.attempt, service_.attempts_max)});
    headers.push_back({"User-Agent", "fast-autoscaler"});
    headers.push_back({"Accept-Encoding", "identity"});

    reactor::HttpRequest http;
    http.method = request.method;
    http.url =
        fmt::format("{}://{}{}{}{}", request.scheme.empty() ? endpoint_->scheme : request.scheme,
                    host, path, request.query.empty() ? "" : "?", encode_query(request.query));
    for (sigv4::Field& field : headers) {
        http.headers.push_back({std::move(field.name), std::move(field.value)});
    }
    http.body = request.body;
    http.total_timeout = attempt_timeout;
    http.response_bytes_max = request.response_bytes_max;
    http.trust = trust_for(*endpoint_, host);
    http.new_connection = call.new_connection;
    return http;
}

reactor::Task<Result<reactor::HttpResponse>> AwsClient::send(AwsRequest request,
                                                             reactor::Scope scope) {
    if (!endpoint_) co_return endpoint_.error();
    Call call;
    call.request = std::move(request);
    call.invocation_id = new_invocation_id();
    std::optional<Error> failed;  // why the last attempt did: it says more than that time ran out
    const SteadyTime called = reactor::now();
    for (;;) {
        auto turn = co_await rates_.wait_turn(call.request.operation, scope);
        if (!turn) co_return failed.value_or(turn.error());
        if (!call.request.anonymous) {
            auto keys = co_await context_.credentials.get(scope);
            if (!keys) co_return keys.error();
            if (failed && keys_refused(*failed) && *keys == call.keys) co_return *failed;
            call.keys = std::move(*keys);
        }
        if (scope.no_more.stop_requested()) {
            co_return failed.value_or(withdrawn(service_, call.request));
        }
        if (is_late(call.request, called)) {
            co_return failed.value_or(too_late(service_, call.request));
        }
        reactor::HttpRequest http = http_request(call);
        const TimePoint sent = context_.clock.now();
        const SteadyTime sent_steady = rates_.now();
        auto response = co_await context_.http.send(std::move(http), scope);
        if (auto damaged = response ? damage(*response) : std::nullopt) {
            response = std::move(*damaged);
        } else if (auto page = response ? page_of_another(*response) : std::nullopt) {
            response = std::move(*page);
        }
        const bool clock_corrected = response && clock_.learn(*response, sent);
        if (response && wanted(call.request, *response)) {
            quota_.give_back(call.retry_cost);
            context_.log.write(LogLevel::debug, "called",
                               {{"service", service_.name},
                                {"operation", call.request.operation},
                                {"http_status", std::int64_t{response->status}},
                                {"request_id", request_id(*response)}});
            co_return response;
        }

        Error error = failure(service_, call.request.operation, response, clock_corrected);
        if (error.kind == ErrorKind::throttled) {
            rates_.throttled(call.request.operation, sent_steady);
        }
        const auto pause = pause_before_retry(call, error, response);
        if (!pause) co_return error;
        context_.log.write(LogLevel::debug, "retrying",
                           {{"operation", call.request.operation},
                            {"pause_ms", std::int64_t{pause->count()}},
                            {"error", describe(error)}});
        auto rested = co_await context_.reactor.sleep_for(*pause, scope);
        if (!rested) co_return error;
        failed = std::move(error);
    }
}

// How long until the call's next attempt; nothing when there is to be none. What is not the
// service's trouble is mended at once, and costs neither an attempt nor quota.
std::optional<Milliseconds> AwsClient::pause_before_retry(
    Call& call, const Error& error, const Result<reactor::HttpResponse>& response) {
    if (error.code == "StaleConnection" && !call.new_connection) {
        call.new_connection = true;
        return Milliseconds{0};
    }
    if (keys_refused(error) && !call.new_keys && !call.request.anonymous) {
        call.new_keys = true;
        context_.credentials.refused(call.keys);
        return Milliseconds{0};
    }
    if (!worth_retrying(error.kind) || call.attempt == service_.attempts_max) return std::nullopt;
    const auto cost = quota_.take(error.kind);
    if (!cost) return std::nullopt;
    call.retry_cost = *cost;
    const double share = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
    return backoff(error.kind, call.attempt++, share, retry_hint(response),
                   service_.transient_backoff);
}

AwsRequest AwsClient::json_request(std::string operation, std::string body) const {
    AwsRequest request;
    request.headers = {{"Content-Type", std::string{content_type(service_.protocol)}},
                       {"X-Amz-Target", fmt::format("{}.{}", service_.target_prefix, operation)}};
    request.operation = std::move(operation);
    request.body = std::move(body);
    return request;
}

reactor::Task<Result<reactor::HttpResponse>> AwsClient::call_json(std::string operation,
                                                                  std::string body,
                                                                  reactor::Scope scope) {
    AwsRequest request = json_request(std::move(operation), std::move(body));
    co_return co_await send(std::move(request), std::move(scope));
}

AwsRequest AwsClient::query_request(std::string operation,
                                    std::vector<sigv4::Field> parameters) const {
    AwsRequest request;
    request.headers = {{"Content-Type", std::string{content_type(service_.protocol)}}};
    parameters.push_back({"Action", operation});
    parameters.push_back({"Version", std::string{service_.target_prefix}});
    request.body = encode_query(parameters);
    request.operation = std::move(operation);
    return request;
}

reactor::Task<Result<reactor::HttpResponse>> AwsClient::call_query(
    std::string operation, std::vector<sigv4::Field> parameters, bool anonymous,
    reactor::Scope scope) {
    AwsRequest request = query_request(std::move(operation), std::move(parameters));
    request.anonymous = anonymous;
    co_return co_await send(std::move(request), std::move(scope));
}

}  // namespace fas::clients
