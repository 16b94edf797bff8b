// Ownership of one libuv handle on the heap. libuv refers to a handle until its close callback
// has run, which is after uv_close has returned: destroying a UvHandle starts the close, the
// callback frees the memory. The loop must run once more for that; Reactor's destructor sees to it.
#pragma once

#include <uv.h>

#include <memory>

namespace fas::reactor {

struct CloseHandle {
    template <class Handle>
    void operator()(Handle* handle) const {
        uv_close(reinterpret_cast<uv_handle_t*>(handle),
                 [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
    }
};

// Holds only handles whose uv_..._init has succeeded.
template <class Handle>
using UvHandle = std::unique_ptr<Handle, CloseHandle>;

}  // namespace fas::reactor
