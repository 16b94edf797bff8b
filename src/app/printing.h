// What becomes of the text that a command writes: stdout and stderr may be a pipe that nobody
// reads, a full disk, or closed.
#pragma once

#include <string_view>

#include "app/exit_status.h"
#include "app/plumbing.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::app {

// Before anything is written: a closed pipe is an error of the write and not the end of the
// process, and no socket gets the number of a stdout that was closed.
void prepare_outputs();

// On stdout, for a command that makes no request: waits for its reader. Gives exit_done, or
// exit_output_failed, which is said on stderr.
ExitStatus print(std::string_view text);

// Says why stdout could not be written, and gives exit_output_failed.
ExitStatus refuse_output(std::error_code why);

// Waits until all that was handed to the plumbing's outputs is written, or the scope ends.
reactor::Task<void> finish_outputs(Plumbing* plumbing, reactor::Scope scope);

// Logs how many lines nobody read, once they are read again, and a disk that is full, once.
class OutputWatch {
  public:
    explicit OutputWatch(Plumbing& plumbing) : plumbing_(plumbing) {}
    void look();

  private:
    Plumbing& plumbing_;
    std::error_code told_;  // of stdout
};

// `status`, or exit_output_failed where all is well but that something could not be written.
ExitStatus with_outputs(Plumbing& plumbing, ExitStatus status);

}  // namespace fas::app
