// What stores say alike of a claim: its writer's nonce, and what went wrong with it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace fas::engine {

// Random: tells one claim from all others, one's own earlier ones included.
std::string new_writer();

// Conflict "StateChanged". `service` as in Error.
Error lost_claim(std::string_view service);

// Of a claim that was not made because what it would write over cannot be read.
Error unrecorded(Error error);

}  // namespace fas::engine
