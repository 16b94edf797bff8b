#include "clients/aws/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/excerpt.h"
#include "clients/answers/answer.h"
#include "clients/aws/xml.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr json::Limits error_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 16};
// Of the service's own text, in ours.
constexpr std::size_t message_bytes_max = 500;
constexpr std::size_t name_bytes_max = 100;

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
constexpr std::array<std::string_view, 15> throttling_codes{
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "OverLimit",
};

constexpr std::array<std::string_view, 7> transient_codes{
    "RequestTimeout",
    "RequestTimeoutException",
    "InternalError",
    "ServiceUnavailable",
    "IDPCommunicationError",
    "ConcurrentUpdateException",
    "ReplicatedWriteConflictException",
};

constexpr std::array<std::string_view, 15> denied_codes{
    "AccessDenied",
    "AccessDeniedException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "OptInRequired",
    "InvalidSecurity",
    "InvalidIdentityToken",
    "IDPRejectedClaim",
};

constexpr std::array<std::string_view, 11> not_found_codes{
    "QueueDoesNotExist",
    "AWS.SimpleQueueService.NonExistentQueue",
    "ClusterNotFoundException",
    "ServiceNotFoundException",
    "ServiceNotActiveException",
    "ParameterNotFound",
    "ParameterVersionNotFound",
    "NoSuchBucket",
    "NoSuchKey",
    "NotFound",
    "ResourceNotFoundException",
};

// A scaling activity goes on for minutes, so that to ask again at once is in vain.
constexpr std::array<std::string_view, 4> conflict_codes{
    "PreconditionFailed",
    "ConditionalRequestConflict",
    "ConditionalCheckFailedException",
    "ScalingActivityInProgress",
};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& codes, std::string_view code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// "com.amazonaws.sqs#QueueDoesNotExist:http://..." names the code QueueDoesNotExist.
std::string_view bare_code(std::string_view type) {
    type = type.substr(0, type.find(':'));
    const std::size_t hash = type.rfind('#');
    return hash == std::string_view::npos ? type : type.substr(hash + 1);
}

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= name_bytes_max && is_alphanumeric_or("._-", text);
}

struct CodeAndMessage {
    std::string code;
    std::string message;
};

// "AWS.SimpleQueueService.NonExistentQueue;Sender", from services that once spoke Query.
std::string_view query_code(const reactor::HttpResponse& response) {
    const std::string_view error = response.header("x-amzn-query-error");
    const std::size_t end = error.find(';');
    return end == std::string_view::npos ? std::string_view{} : error.substr(0, end);
}

// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
CodeAndMessage read_json_error(const reactor::HttpResponse& response) {
    CodeAndMessage found;
    found.code = bare_code(response.header("x-amzn-errortype"));
    if (const auto document = json::parse(response.body, error_limits)) {
        const json::Value root = document->root();
        for (const char* name : {"__type", "code", "Code"}) {
            if (found.code.empty()) found.code = bare_code(root.text_at(name));
        }
        found.message = root.text_at("message");
        if (found.message.empty()) found.message = root.text_at("Message");
        if (found.message.empty()) found.message = root.text_at("error_description");  // OAuth's
    }
    if (found.code.empty()) found.code = query_code(response);
    return found;
}

// S3 answers <Error><Code/>...; a Query service wraps it in <ErrorResponse>.
CodeAndMessage read_xml_error(const reactor::HttpResponse& response) {
    for (const auto& root : {std::vector<std::string_view>{"Error"},
                             std::vector<std::string_view>{"ErrorResponse", "Error"}}) {
        auto code_path = root;
        auto message_path = root;
        code_path.emplace_back("Code");
        message_path.emplace_back("Message");
        if (auto code = xml_text(response.body, code_path)) {
            return {*code, xml_text(response.body, message_path).value_or("")};
        }
    }
    return {};
}

}  // namespace

ErrorKind kind_of(std::string_view code, int http_status) {
    if (http_status == 429 || contains(throttling_codes, code)) return ErrorKind::throttled;
    if (http_status >= 500 || contains(transient_codes, code)) return ErrorKind::retryable;
    if (contains(denied_codes, code)) return ErrorKind::denied;
    if (contains(not_found_codes, code)) return ErrorKind::not_found;
    if (contains(conflict_codes, code)) return ErrorKind::conflict;
    switch (http_status) {
        case 401:
        case 403: return ErrorKind::denied;
        // A service names what it does not have. A bare 404 is of something on the way.
        case 404: return code.starts_with("HTTP") ? ErrorKind::retryable : ErrorKind::not_found;
        case 409:
        case 412: return ErrorKind::conflict;
        default: return ErrorKind::invalid;
    }
}

Error parse_aws_error(const AwsService& service, std::string_view operation,
                      const reactor::HttpResponse& response) {
    const bool xml = service.protocol == Protocol::rest_xml || service.protocol == Protocol::query;
    CodeAndMessage found = xml ? read_xml_error(response) : read_json_error(response);
    if (!is_code(found.code)) found.code = fmt::format("HTTP{}", response.status);
    // Its first line alone: to a signature that does not match, services add on further lines what
    // they took for the signed request, session token included.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
    std::string_view reason = excerpt(found.message, message_bytes_max);
    if (reason.empty()) reason = "the answer gives no reason";
    return {.kind = kind_of(found.code, response.status),
            .message = fmt::format("{} failed: {}", operation, reason),
            .service = std::string{service.name},
            .code = std::move(found.code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

}  // namespace fas::clients
