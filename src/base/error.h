// What went wrong, as a value. The kind names the remedy, so that a caller decides what to do
// without knowing the service; the other fields tell an operator what happened.
// Errors never hold a secret: not a key, a token, a signature or a response body.
#pragma once

#include <string>
#include <string_view>

namespace fas {

enum class ErrorKind {
    retryable,  // the network or the server failed; the same request may succeed later
    throttled,  // too many requests; the same request will succeed when sent less often
    denied,     // the credentials or permissions do not allow it; a person must act
    not_found,  // the queue, service, bucket or object does not exist
    conflict,   // somebody else changed it first; read again before writing
    invalid,    // the request, the configuration or the answer is not acceptable as it is
    cancelled,  // the caller asked to stop, or its deadline passed
    bug,        // this program's own mistake
};

struct Error {
    ErrorKind kind = ErrorKind::bug;
    std::string message;     // what, which target, why, what now
    std::string service;     // "SQS", "ECS", "S3"; empty when no service was involved
    std::string code;        // the service's own code ("AccessDenied"), or ours ("ConnectFailed")
    int http_status = 0;     // 0 when no answer came
    std::string request_id;  // the service's, for a support case
};

Error make_error(ErrorKind kind, std::string_view code, std::string message,
                 std::string_view service = {});

std::string_view to_string(ErrorKind kind);

// One line for a log or a terminal: service, message, code, HTTP status and request id.
std::string describe(const Error& error);

}  // namespace fas
