// The kinds of state stores that there are.
#pragma once

#include <array>

#include "engine/store_type.h"

namespace fas::engine {

namespace stores {
extern const StoreType s3;
extern const StoreType dynamodb;
extern const StoreType directory;
extern const StoreType memory;
}  // namespace stores

// The first is the default.
inline constexpr std::array store_types = {
    &stores::s3,
    &stores::dynamodb,
    &stores::directory,
    &stores::memory,
};

}  // namespace fas::engine
