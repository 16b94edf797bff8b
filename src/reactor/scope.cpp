#include "reactor/scope.h"

#include <fmt/format.h>

namespace fas::reactor {

Error cancelled(const Scope& scope, std::string_view during) {
    const bool stopped = scope.stop.stop_requested();
    return make_error(ErrorKind::cancelled, stopped ? "Stopped" : "DeadlinePassed",
                      fmt::format("{} {}", stopped ? "stopped" : "deadline passed", during));
}

}  // namespace fas::reactor
