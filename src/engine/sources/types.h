// The kinds of queues that there are.
#pragma once

#include <array>

#include "engine/source_type.h"

namespace fas::engine {

namespace sources {
extern const SourceType sqs;
extern const SourceType amq;
extern const SourceType rabbitmq;
extern const SourceType kafka;
extern const SourceType redis;
extern const SourceType kinesis;
extern const SourceType sns;
extern const SourceType cloudwatch;
extern const SourceType prometheus;
extern const SourceType http;
}  // namespace sources

// The first is the default.
inline constexpr std::array source_types = {
    &sources::sqs,     &sources::amq, &sources::rabbitmq,   &sources::kafka,      &sources::redis,
    &sources::kinesis, &sources::sns, &sources::cloudwatch, &sources::prometheus, &sources::http,
};

}  // namespace fas::engine
