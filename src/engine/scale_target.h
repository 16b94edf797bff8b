// Port: what is scaled. Each kind of target is in adapters/targets/.
#pragma once

#include <string>

#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "scaling/observation.h"

namespace fas::engine {

class ScaleTarget {
  public:
    virtual ~ScaleTarget() = default;

    // Its present state. A target that must not be scaled (draining, gone) is an error.
    virtual reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope scope) = 0;

    // How many tasks protect themselves from a scale-in at present.
    virtual reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope scope) = 0;

    // Asks for this many tasks; gives the service's request id, for the log. Doing it twice does no
    // harm.
    virtual reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope scope) = 0;
};

}  // namespace fas::engine
