// The kinds of state stores that there are.
#pragma once

#include <array>

#include "adapters/stores/store_kind.h"

namespace fas::adapters {

namespace stores {
extern const StoreKind s3;
extern const StoreKind dynamodb;
extern const StoreKind directory;
extern const StoreKind memory;
}  // namespace stores

// The first is the default.
inline constexpr std::array store_kinds = {
    &stores::s3,
    &stores::dynamodb,
    &stores::directory,
    &stores::memory,
};

}  // namespace fas::adapters
