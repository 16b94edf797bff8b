// A task that runs beside its owner's others, awaited by nobody. One at a time an object;
// destroying the object destroys a task that has not finished. One thread.
#pragma once

#include <optional>

#include "reactor/task.h"

namespace fas::reactor {

class Background {
  public:
    Background() = default;
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    // Starts `task`, which runs to its first wait before this returns; running() must be false. The
    // task must not destroy this object.
    void start(Task<void> task);

    bool running() const;

  private:
    std::optional<Task<void>> task_;  // the last one, finished or not
};

}  // namespace fas::reactor
