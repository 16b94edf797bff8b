// The region of a queue that AWS has, in whichever the target is.
#pragma once

#include "base/kind.h"
#include "base/row.h"
#include "clients/aws/names.h"

namespace fas::adapters {

template <auto... path>
inline constexpr Row region_row{
    "region",       Text{{clients::region_pattern, clients::is_region}, "a region's name"},
    field<path...>, "The queue's region, where it is another than the target's.",
    Need::absent,   Example{"eu-central-1"}};

// Of a kind whose options are this struct.
template <class Struct>
std::optional<std::string> given_region(const Options& options) {
    const std::string& region = options.as<Struct>().region;
    return region.empty() ? std::nullopt : std::optional{region};
}

}  // namespace fas::adapters
