#include "clients/answers/answer.h"

#include <fmt/format.h>

#include "base/excerpt.h"

namespace fas::clients {

namespace {

constexpr std::size_t request_id_bytes_max = 100;

}  // namespace

std::string_view request_id(const reactor::HttpResponse& response) {
    const std::string_view id = response.header("x-amzn-requestid");
    return excerpt(id.empty() ? response.header("x-amz-request-id") : id, request_id_bytes_max);
}

Error Answer::error(ErrorKind kind, std::string_view code, std::string message) const {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{service_},
            .code = std::string{code},
            .http_status = response_->status,
            .request_id = std::string{request_id(*response_)}};
}

Error Answer::unusable(std::string_view why) const {
    return error(ErrorKind::invalid, "UnusableAnswer",
                 fmt::format("{} answered something unusable: {}", who_, why));
}

void Answer::reject(std::string_view why) {
    if (!wrong_) wrong_ = unusable(why);
}

void Answer::lacks(std::string_view name) {
    if (!wrong_) wrong_ = unusable(fmt::format("no {}", name));
}

}  // namespace fas::clients
