// The kinds of queues that there are.
#pragma once

#include <array>

#include "adapters/queues/queue_kind.h"

namespace fas::adapters {

namespace queues {
extern const QueueKind sqs;
extern const QueueKind amq;
extern const QueueKind rabbitmq;
extern const QueueKind kafka;
extern const QueueKind redis;
extern const QueueKind kinesis;
extern const QueueKind sns;
extern const QueueKind cloudwatch;
extern const QueueKind prometheus;
extern const QueueKind http;
}  // namespace queues

// The first is the default.
inline constexpr std::array queue_kinds = {
    &queues::sqs,     &queues::amq, &queues::rabbitmq,   &queues::kafka,      &queues::redis,
    &queues::kinesis, &queues::sns, &queues::cloudwatch, &queues::prometheus, &queues::http,
};

}  // namespace fas::adapters
