// The program as an AWS Lambda function: one check an invocation, configured by the environment
// and the event's "config". Warm invocations keep connections, and what is known of the state.
#pragma once

#include <string>

#include "app/exit_status.h"
#include "app/plumbing.h"
#include "app/read_settings.h"
#include "app/runtime_api.h"
#include "engine/check_report.h"

namespace fas::app {

// Runs until Lambda ends the sandbox. A failed check is a failed invocation. Returns only on
// SIGTERM (exit_done) or when the runtime API is gone (exit_check_failed).
// `address`: the value of AWS_LAMBDA_RUNTIME_API. `file`: the configuration file, if there is one.
ExitStatus run_lambda(const std::string& address, const Result<std::optional<Document>>& file,
                      Plumbing& plumbing);

// What Lambda is told of a failed check: the type names the first thing to look at.
InvocationError invocation_error(const engine::CheckReport& report);

}  // namespace fas::app
