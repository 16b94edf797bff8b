#include "app/lambda.h"

#include <fmt/format.h>

#include <cstdlib>

#include "app/check_log.h"
#include "app/report_json.h"
#include "app/wiring.h"
#include "reactor/signals.h"

namespace fas::app {

namespace {

// Kept back from the invocation's deadline, to tell Lambda what happened.
constexpr Milliseconds answer_time{500};

// How long a check may take when Lambda gave no deadline.
constexpr Milliseconds check_time_max{30'000};

InvocationError configuration_error(const std::vector<Problem>& problems) {
    std::string message = "the configuration is not usable:";
    for (const Problem& problem : problems) {
        message += "\n";
        message += describe(problem);
    }
    return {.type = "Autoscaler.ConfigurationInvalid", .message = std::move(message)};
}

class Function {
  public:
    Function(const std::string& address, std::optional<Document> file, Plumbing& plumbing)
        : api_(plumbing.http, address),
          file_(std::move(file)),
          plumbing_(plumbing),
          signals_(plumbing.reactor) {}

    reactor::Task<ExitStatus> serve();

  private:
    reactor::Task<std::variant<std::string, InvocationError>> handle(Invocation invocation);
    std::optional<InvocationError> configure(const Invocation& invocation);
    reactor::Scope check_scope(const Invocation& invocation) const;

    RuntimeApi api_;
    std::optional<Document> file_;
    Plumbing& plumbing_;
    reactor::SignalWatcher signals_;
    Settings settings_;  // those that autoscaler_ was made from
    std::unique_ptr<WiredAutoscaler> autoscaler_;
};

reactor::Task<ExitStatus> Function::serve() {
    const reactor::Scope waiting{signals_.finish()};
    const reactor::Scope answering{signals_.abort()};
    for (;;) {
        auto next = co_await api_.next(waiting);
        if (signals_.finish().stop_requested()) co_return exit_done;
        if (!next) {
            plumbing_.log.write(LogLevel::error, describe(next.error()), {});
            co_return exit_check_failed;
        }
        const std::string request_id = next->request_id;
        auto outcome = co_await handle(std::move(*next));

        Result<void> told;
        if (auto* error = std::get_if<InvocationError>(&outcome)) {
            told = co_await api_.fail(request_id, std::move(*error), answering);
        } else {
            std::string result = std::move(std::get<std::string>(outcome));
            told = co_await api_.respond(request_id, std::move(result), answering);
        }
        if (!told) plumbing_.log.write(LogLevel::error, describe(told.error()), {});
    }
}

reactor::Task<std::variant<std::string, InvocationError>> Function::handle(Invocation invocation) {
    if (invocation.trace_id.empty()) {
        unsetenv("_X_AMZN_TRACE_ID");
    } else {
        setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);
    }
    if (auto error = configure(invocation)) {
        plumbing_.log.write(LogLevel::error, error->message, {});
        co_return std::move(*error);
    }
    const auto report = co_await autoscaler_->check(check_scope(invocation));
    log_check(plumbing_.log, report);
    if (report.failed()) co_return invocation_error(report);
    co_return report_json(report);
}

// Leaves autoscaler_ as the environment, the file and this event want it.
std::optional<InvocationError> Function::configure(const Invocation& invocation) {
    const SettingsSources sources{plumbing_.environment, file_, Document{"event", invocation.event},
                                  profile_region(plumbing_.environment)};
    auto read = read_settings(sources, Purpose::check);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) {
        return configuration_error(*problems);
    }
    auto& settings = std::get<Settings>(read);
    if (autoscaler_ && settings == settings_) return std::nullopt;
    plumbing_.log = Logger{settings.log_level};
    auto autoscaler = WiredAutoscaler::make(settings, plumbing_, false);
    if (!autoscaler) {
        return InvocationError{"Autoscaler.ConfigurationInvalid", autoscaler.error().message};
    }
    settings_ = std::move(settings);
    autoscaler_ = std::move(*autoscaler);
    return std::nullopt;
}

reactor::Scope Function::check_scope(const Invocation& invocation) const {
    Milliseconds time = check_time_max;
    if (invocation.deadline) {
        time = std::chrono::floor<Milliseconds>(*invocation.deadline - plumbing_.clock.now()) -
               answer_time;
    }
    return reactor::Scope{signals_.abort()}.within(time);
}

}  // namespace

InvocationError invocation_error(const engine::CheckReport& report) {
    std::string_view type = "Autoscaler.StateUnavailable";
    if (!report.queue) {
        type = "Autoscaler.QueueUnreadable";
    } else if (!report.service) {
        type = "Autoscaler.ServiceUnreadable";
    } else if (report.decision && report.decision->action != scaling::Action::hold &&
               !report.changed) {
        type = "Autoscaler.UpdateFailed";
    }
    std::string message = fmt::format("check of {} failed{}:", report.target,
                                      report.changed ? " after scaling it" : "");
    for (const Error& error : report.errors) {
        message += "\n";
        message += describe(error);
    }
    return {.type = std::string{type}, .message = std::move(message)};
}

ExitStatus run_lambda(const std::string& address, const Result<std::optional<Document>>& file,
                      Plumbing& plumbing) {
    if (!file) {
        RuntimeApi api{plumbing.http, address};
        InvocationError error{"Autoscaler.ConfigurationInvalid", file.error().message};
        auto told = plumbing.reactor.run(api.fail_init(std::move(error), reactor::Scope{}));
        if (!told) plumbing.log.write(LogLevel::error, describe(told.error()), {});
        plumbing.log.write(LogLevel::error, file.error().message, {});
        return exit_usage;
    }
    Function function{address, *file, plumbing};
    return plumbing.reactor.run(function.serve());
}

}  // namespace fas::app
