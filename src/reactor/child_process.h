// Runs another program to its end and gives what it printed. One thread, the reactor's.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::reactor {

struct ChildOutput {
    int exit_status = 0;  // 128 + the signal's number, when one ended it
    std::string out;      // stdout; stdin is empty, stderr is this process's own
};

// `arguments` begins with the program, looked for in PATH; the environment is this process's own,
// and no other file descriptor is passed on. Ends when the program has exited and nobody holds its
// stdout any more.
//
// Errors: invalid "CannotStart", invalid "OutputTooLarge" (over `out_bytes_max`), cancelled when
// the scope ends first. Whenever this task ends or is destroyed the child is gone: killed and
// reaped if need be (what it has started itself is not). No message holds output or arguments
// beyond the program's name.
Task<Result<ChildOutput>> run_child(std::reference_wrapper<Reactor> reactor,
                                    std::vector<std::string> arguments, std::size_t out_bytes_max,
                                    Scope scope);

}  // namespace fas::reactor
