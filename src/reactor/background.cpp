#include "reactor/background.h"

#include <cassert>
#include <utility>

namespace fas::reactor {

void Background::start(Task<void> task) {
    assert(!running() && "one task at a time");
    task_ = std::move(task);
    detail::TaskAccess::frame(*task_).resume();
}

bool Background::running() const { return task_ && !detail::TaskAccess::frame(*task_).done(); }

}  // namespace fas::reactor
