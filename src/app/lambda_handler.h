// What the Lambda function does with an event: one check, or several, or those of a batch of SQS
// messages. Warm invocations keep connections, and what is known of the state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/plumbing.h"
#include "app/read_settings.h"
#include "app/runtime_api.h"
#include "app/sqs_event.h"
#include "app/wiring.h"
#include "engine/check_report.h"
#include "reactor/signals.h"

namespace fas::app {

class LambdaHandler {
  public:
    // `file`: the configuration file, if there is one. The others must outlive this.
    LambdaHandler(std::optional<Document> file, Plumbing& plumbing,
                  const reactor::SignalWatcher& signals)
        : file_(std::move(file)), plumbing_(plumbing), signals_(signals) {}

    // Gets the first check ready, while its event is on the way: where the configuration is
    // complete without an event, it connects to AWS and begins to read.
    reactor::Task<Result<void>> prepare();

    // The result, as JSON, or why the invocation failed. It ends in time for Lambda to be told
    // before the invocation's deadline.
    reactor::Task<std::variant<std::string, InvocationError>> handle(Invocation invocation);

  private:
    // Of one event.
    struct Checks {
        std::vector<engine::CheckReport> reports;
        std::int64_t left_out = 0;  // there was no time for them
    };

    std::optional<InvocationError> configure(std::optional<Document> event);
    reactor::Task<std::variant<Checks, InvocationError>> check(Document event,
                                                               reactor::Scope scope);
    reactor::Task<std::variant<std::string, InvocationError>> check_batch(
        std::vector<SqsMessage> messages, reactor::Scope scope);
    reactor::Task<bool> wait_for_next(SteadyTime start, Milliseconds longest, reactor::Scope scope);
    reactor::Scope scope_of(const Invocation& invocation) const;

    std::optional<Document> file_;
    Plumbing& plumbing_;
    const reactor::SignalWatcher& signals_;
    FleetSettings settings_;  // those that autoscaler_ was made from
    std::unique_ptr<WiredAutoscaler> autoscaler_;
};

// What Lambda is told of a failed check: the type names the first thing to look at.
InvocationError invocation_error(const engine::CheckReport& report);

// Nothing when none of the checks failed.
std::optional<InvocationError> invocation_error(const std::vector<engine::CheckReport>& reports);

}  // namespace fas::app
