// Where the program writes, stdout or stderr: a thread of its own writes what has been handed over,
// so that whoever hands over never waits for the reader of a pipe, a terminal or a disk. One
// thread owns it, and may destroy it at any time; write() may be called by others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>

#include "base/time.h"

namespace fas {

class Output {
  public:
    // `bytes_max`: of what waits to be written; what is handed over beyond it is dropped. The
    // thread begins with the first text. The descriptor must stay open, and SIGPIPE be ignored.
    Output(int descriptor, std::size_t bytes_max);
    // Leaves what has not been written: a reader that has stopped would never let it end.
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    // Never waits. Whole lines: all of the text is written, or dropped. What a failed write leaves
    // is dropped as well, and the next one is tried.
    void write(std::string_view lines);

    // Waits until all is written, at most so long; true when it is.
    bool wait(Milliseconds at_most);

    // How many lines were dropped that were not told of yet; none before something could be written
    // again.
    std::int64_t take_dropped();

    // What the last write failed with; none once another one has succeeded.
    std::error_code error() const;
    // Whether any write has failed.
    bool failed() const;

  private:
    struct Shared;
    static void write_all(const std::shared_ptr<Shared>& shared);

    std::shared_ptr<Shared> shared_;
    bool begun_ = false;
};

// All of the text, waiting for its reader as long as it takes. Gives how many bytes were written,
// and why not all.
struct Written {
    std::size_t bytes = 0;
    std::error_code error;
};
Written write_to(int descriptor, std::string_view text);

}  // namespace fas
