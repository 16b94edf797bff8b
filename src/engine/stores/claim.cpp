#include "engine/stores/claim.h"

#include <fmt/format.h>

#include <random>

namespace fas::engine {

std::string new_writer() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

Error lost_claim(std::string_view service) {
    return {.kind = ErrorKind::conflict,
            .message =
                "another autoscaler recorded an action for this service at the same time; "
                "the next check looks again",
            .service = std::string{service},
            .code = "StateChanged"};
}

Error unrecorded(Error error) {
    error.message = "this action is not recorded: " + error.message;
    return error;
}

}  // namespace fas::engine
