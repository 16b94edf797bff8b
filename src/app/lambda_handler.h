// What the Lambda function does with an event: one check of its targets, or several, or those of a
// batch of SQS messages. Warm invocations keep connections, and what is known of the state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/event.h"
#include "app/live_configuration.h"
#include "app/live_fleet.h"
#include "app/plumbing.h"
#include "app/runtime_api.h"
#include "app/settings.h"
#include "app/sqs_event.h"
#include "engine/check_report.h"
#include "reactor/signals.h"

namespace fas::app {

class LambdaHandler {
  public:
    // The plumbing and the signals must outlive it.
    LambdaHandler(LiveConfiguration configuration, Plumbing& plumbing,
                  const reactor::SignalWatcher& signals)
        : configuration_(std::move(configuration)), plumbing_(plumbing), signals_(signals) {}

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
        std::size_t unchecked = 0;  // targets that a check had no time for
    };
    std::string result_json(const Checks& checks) const;

    std::optional<InvocationError> configure(Result<Event> event);
    std::optional<InvocationError> take(FleetSettings settings, Shard shard);
    reactor::Task<std::optional<InvocationError>> look_for_configuration(reactor::Scope scope);
    reactor::Task<void> discover(reactor::Scope scope);
    std::optional<InvocationError> error_of(const Checks& checks) const;
    void say_configuration(const std::optional<InvocationError>& error);
    void keep_report(const engine::CheckReport& report);
    reactor::Task<std::size_t> check_targets(reactor::Scope scope);
    reactor::Task<std::variant<Checks, InvocationError>> check(Document event,
                                                               reactor::Scope scope);
    reactor::Task<std::variant<std::string, InvocationError>> check_batch(
        std::vector<SqsMessage> messages, reactor::Scope scope);
    reactor::Task<bool> wait_for_next(SteadyTime start, Milliseconds longest, reactor::Scope scope);
    reactor::Scope scope_of(const Invocation& invocation) const;

    LiveConfiguration configuration_;
    TimePoint document_looked_for_;
    TimePoint discovered_;
    Plumbing& plumbing_;
    const reactor::SignalWatcher& signals_;
    std::vector<engine::CheckReport> reports_;  // of the checks of this event
    std::unique_ptr<LiveFleet> fleet_;  // null until an event, or prepare(), has a configuration
};

// What Lambda is told of a failed check: the type names the first thing to look at.
InvocationError invocation_error(const engine::CheckReport& report);

// Nothing when none of the checks failed.
std::optional<InvocationError> invocation_error(const std::vector<engine::CheckReport>& reports);

}  // namespace fas::app
