// A share of a fleet: one of several processes that watch it, or of the messages that a fleet's
// checks are spread over.
#pragma once

#include <cstdint>
#include <string_view>

#include "app/settings.h"
#include "base/result.h"

namespace fas::app {

struct Shard {
    std::uint64_t number = 1;  // 1 to count
    std::uint64_t count = 1;

    // Whether a target belongs to it. Stable: the same in every process and version. Targets of one
    // queue stay together, so that it is read once.
    bool has(const TargetSettings& settings) const;

    bool operator==(const Shard&) const = default;
};

// "3/16". Errors: invalid, with what is accepted.
Result<Shard> parse_shard(std::string_view text);

}  // namespace fas::app
