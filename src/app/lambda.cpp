#include "app/lambda.h"

#include <utility>

#include "app/lambda_handler.h"
#include "app/printing.h"
#include "app/runtime_api.h"
#include "reactor/signals.h"
#include "reactor/when_all.h"

namespace fas::app {

namespace {

// Lambda freezes the sandbox between events. After this long, servers and gateways may have closed
// what the sandbox believes to be open; a resumed TLS session costs less than finding out.
constexpr Milliseconds idle_time_max{30'000};

// What was logged is on its way before Lambda is answered, for a frozen sandbox writes nothing. It
// is not waited for any longer than it takes when it is read.
constexpr Milliseconds output_time_max{50};

class Function {
  public:
    Function(const std::string& address, LiveConfiguration configuration, Plumbing& plumbing)
        : plumbing_(plumbing),
          api_(plumbing.reactor, address),
          signals_(plumbing.reactor),
          handler_(std::move(configuration), plumbing, signals_),
          output_watch_(plumbing) {}

    reactor::Task<ExitStatus> serve();

  private:
    reactor::Task<Result<Invocation>> first_event(reactor::Scope scope);
    reactor::Task<Result<Invocation>> next_event(reactor::Scope scope);
    reactor::Task<Result<void>> answer(Invocation invocation, reactor::Scope scope);

    Plumbing& plumbing_;
    RuntimeApi api_;
    reactor::SignalWatcher signals_;
    LambdaHandler handler_;
    OutputWatch output_watch_;
};

reactor::Task<ExitStatus> Function::serve() {
    const reactor::Scope waiting{signals_.finish()};
    const reactor::Scope answering{signals_.abort()};
    auto next = co_await first_event(waiting);
    while (next) {
        auto told = co_await answer(std::move(*next), answering);
        if (!told) plumbing_.log.write(LogLevel::error, describe(told.error()), {});
        if (!told && told.error().http_status == sandbox_broken) co_return exit_check_failed;
        next = co_await next_event(waiting);
    }
    if (signals_.finish().stop_requested()) co_return exit_done;
    plumbing_.log.write(LogLevel::error, describe(next.error()), {});
    co_return exit_check_failed;
}

// Lambda's clock for a cold start runs until it is asked for the first event: so that comes before
// everything that can wait, which is then done while Lambda answers.
reactor::Task<Result<Invocation>> Function::first_event(reactor::Scope scope) {
    auto next = api_.next(std::move(scope));
    auto prepared = handler_.prepare();
    auto both = co_await reactor::when_all(std::move(next), std::move(prepared));
    co_return std::get<0>(std::move(both));
}

reactor::Task<Result<Invocation>> Function::next_event(reactor::Scope scope) {
    const TimePoint asked = plumbing_.clock.now();
    auto next = co_await api_.next(std::move(scope));
    // The wall clock: whether the other one goes on in a frozen sandbox is not documented.
    if (plumbing_.clock.now() - asked > idle_time_max) plumbing_.http.close_idle_connections();
    co_return next;
}

reactor::Task<Result<void>> Function::answer(Invocation invocation, reactor::Scope scope) {
    const std::string request_id = invocation.request_id;
    auto outcome = co_await handler_.handle(std::move(invocation));
    plumbing_.troubles.say(reactor::now());
    output_watch_.look();
    co_await finish_outputs(&plumbing_, scope.within(output_time_max));
    if (auto* error = std::get_if<InvocationError>(&outcome)) {
        co_return co_await api_.fail(request_id, std::move(*error), std::move(scope));
    }
    std::string result = std::move(std::get<std::string>(outcome));
    co_return co_await api_.respond(request_id, std::move(result), std::move(scope));
}

ExitStatus refuse(const std::string& address, const Error& why, Plumbing& plumbing) {
    RuntimeApi api{plumbing.reactor, address};
    InvocationError error{"Autoscaler.ConfigurationInvalid", why.message};
    auto told = plumbing.reactor.run(api.fail_init(std::move(error), reactor::Scope{}));
    if (!told) plumbing.log.write(LogLevel::error, describe(told.error()), {});
    plumbing.log.write(LogLevel::error, why.message, {});
    return exit_usage;
}

}  // namespace

// A file is read before the first event is asked for: it takes next to nothing, and without it
// nothing works. What is in AWS is read while Lambda answers.
ExitStatus run_lambda(const std::string& address, Plumbing& plumbing) {
    auto source = ConfigSource::make(std::nullopt, plumbing);
    if (!source) return refuse(address, source.error(), plumbing);
    LiveConfiguration configuration{std::move(*source), plumbing};
    if (!configuration.in_aws()) {
        const auto looked = plumbing.reactor.run(configuration.look(reactor::Scope{}));
        if (!looked) return refuse(address, looked.error(), plumbing);
    }
    Function function{address, std::move(configuration), plumbing};
    return plumbing.reactor.run(function.serve());
}

}  // namespace fas::app
