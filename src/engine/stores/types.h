// The kinds of state stores that there are.
#pragma once

#include <array>

#include "engine/store_type.h"

namespace fas::engine {

namespace stores {
extern const StoreType s3;
}

// The first is the default.
inline constexpr std::array store_types = {
    &stores::s3,
};

}  // namespace fas::engine
