// The kinds of queues that there are.
#pragma once

#include <array>

#include "engine/source_type.h"

namespace fas::engine {

namespace sources {
extern const SourceType amq;
extern const SourceType rabbitmq;
extern const SourceType sqs;
extern const SourceType cloudwatch;
extern const SourceType http;
extern const SourceType kinesis;
extern const SourceType prometheus;
extern const SourceType redis;
extern const SourceType sns;
}  // namespace sources

// The first is the default.
inline constexpr std::array source_types = {
    &sources::sqs,     &sources::redis,      &sources::cloudwatch, &sources::sns,
    &sources::kinesis, &sources::prometheus, &sources::http,
    &sources::sqs,
    &sources::amq,
    &sources::rabbitmq,
};

}  // namespace fas::engine
