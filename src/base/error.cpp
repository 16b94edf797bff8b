#include "base/error.h"

#include <fmt/format.h>

#include <utility>

namespace fas {

Error make_error(ErrorKind kind, std::string_view code, std::string message,
                 std::string_view service) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{service},
            .code = std::string{code}};
}

std::string_view to_string(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::retryable: return "retryable";
        case ErrorKind::throttled: return "throttled";
        case ErrorKind::denied: return "denied";
        case ErrorKind::not_found: return "not_found";
        case ErrorKind::conflict: return "conflict";
        case ErrorKind::invalid: return "invalid";
        case ErrorKind::cancelled: return "cancelled";
        case ErrorKind::bug: return "bug";
    }
    return "bug";
}

std::string describe(const Error& error) {
    std::string details = error.code;
    const auto add = [&details](const std::string& part) {
        if (!details.empty()) details += ", ";
        details += part;
    };
    if (error.http_status != 0) add(fmt::format("HTTP {}", error.http_status));
    if (!error.request_id.empty()) add(fmt::format("request id {}", error.request_id));

    std::string line;
    if (!error.service.empty()) line = error.service + ": ";
    line += error.message;
    if (!details.empty()) line += " (" + details + ")";
    return line;
}

}  // namespace fas
