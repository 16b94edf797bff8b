// The kinds of queues that there are.
#pragma once

#include <array>

#include "engine/source_type.h"

namespace fas::engine {

namespace sources {
extern const SourceType redis;
extern const SourceType sqs;
}

// The first is the default.
inline constexpr std::array source_types = {
    &sources::sqs,
    &sources::redis,
};

}  // namespace fas::engine
