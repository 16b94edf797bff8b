#include "engine/sources/sqs.h"

#include <fmt/format.h>

namespace fas::engine {

namespace {

std::string_view advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "check queue_url and region";
        case ErrorKind::denied: return "check the credentials and allow sqs:GetQueueAttributes";
        default: return "nothing is scaled until it can be read";
    }
}

}  // namespace

reactor::Task<Result<scaling::QueueDepth>> SqsSource::read(reactor::Scope scope) {
    auto counts = co_await client_.queue_counts(queue_url_, std::move(scope));
    if (!counts) {
        Error error = std::move(counts.error());
        error.message = fmt::format("cannot read the depth of queue {}: {}; {}", queue_url_,
                                    error.message, advice(error.kind));
        co_return error;
    }
    co_return scaling::QueueDepth{counts->visible, counts->in_flight};
}

}  // namespace fas::engine
