// The parts of a target that there are several kinds of, as the configuration sees them: each kind
// has options of its own, `queue_type` says which kind the queue is, and `queue_config` holds its
// options.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/option.h"

namespace fas::app {

enum class Part { queue, target, state };

struct PartKeys {
    Part part;
    std::string_view type;    // "queue_type"
    std::string_view config;  // "queue_config"
};
inline constexpr PartKeys part_keys[] = {
    {Part::queue, "queue_type", "queue_config"},
    {Part::target, "target_type", "target_config"},
    {Part::state, "state_type", "state_config"},
};
inline constexpr std::size_t parts_count = std::size(part_keys);

inline const PartKeys& keys_of(Part part) { return part_keys[static_cast<std::size_t>(part)]; }

// "queue_config.queue_url"
std::string key_of(Part part, std::string_view option);

struct Kind {
    std::string_view name;
    std::span<const Option> options;
    std::size_t number;  // of the part's kinds, in the order of the engine's list
};

// The first is the default.
std::span<const Kind> kinds_of(Part part);

// Null where there is none.
const Kind* find_kind(Part part, std::string_view name);

}  // namespace fas::app
