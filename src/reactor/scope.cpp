#include "reactor/scope.h"

#include <fmt/format.h>

namespace fas::reactor {

Error cancelled(const Scope& scope, std::string_view during) {
    const bool stopped = scope.stop.stop_requested();
    Error error;
    error.kind = ErrorKind::cancelled;
    error.message = fmt::format("{} {}", stopped ? "stopped" : "deadline passed", during);
    error.code = stopped ? "Stopped" : "DeadlinePassed";
    return error;
}

}  // namespace fas::reactor
