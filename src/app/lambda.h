// The program as an AWS Lambda function: takes events from the runtime API, and gives back what
// lambda_handler.h makes of them.
#pragma once

#include <string>

#include "app/exit_status.h"
#include "app/plumbing.h"

namespace fas::app {

// Runs until Lambda ends the sandbox. A failed check is a failed invocation. Returns only on
// SIGTERM (exit_done) or when the runtime API is gone or broken (exit_check_failed).
// `address`: the value of AWS_LAMBDA_RUNTIME_API.
ExitStatus run_lambda(const std::string& address, Plumbing& plumbing);

}  // namespace fas::app
