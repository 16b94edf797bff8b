// The provisioned concurrency of a Lambda function's alias or version.
#include "clients/aws/services/lambda.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/targets/kinds.h"
#include "adapters/targets/other_masters.h"
#include "base/excerpt.h"

namespace fas::adapters {

namespace {

constexpr std::size_t failed_reason_bytes_max = 300;

struct LambdaOptions {
    std::string function;
    std::string qualifier;
};

constexpr std::array lambda_rows{
    Row{"function", Text{{"a-zA-Z0-9:_-", 1, 170}, "a function's name or ARN"},
        field<&LambdaOptions::function>,
        "The name or the ARN of the Lambda function, without a qualifier.", Need::required,
        Example{"work"}},
    Row{"qualifier",
        Text{{"a-zA-Z0-9_-", 1, 128},
             "an alias or the number of a published version, and not $LATEST, which cannot have "
             "provisioned concurrency"},
        field<&LambdaOptions::qualifier>,
        "The alias, or the number of the published version, whose provisioned concurrency is "
        "scaled. $LATEST cannot have any.",
        Need::required, Example{"live"}},
};

std::string_view lambda_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "check function, qualifier and region";
        case ErrorKind::denied:
            return "check the credentials and allow lambda:GetProvisionedConcurrencyConfig, "
                   "lambda:PutProvisionedConcurrencyConfig and "
                   "lambda:DeleteProvisionedConcurrencyConfig";
        case ErrorKind::conflict:
            return "another change of the function is going on, and the next check tries again";
        case ErrorKind::invalid:
            return "check the account's unreserved concurrency, the function's reserved "
                   "concurrency, and that the qualifier is an alias or a published version";
        default: return "the next check tries again";
    }
}

class LambdaTarget final : public ScaleTarget {
  public:
    LambdaTarget(const LambdaOptions& options, clients::AwsAccount& account)
        : client_(account.lambda.get()),
          function_(options.function),
          qualifier_(options.qualifier) {}

    // Where none is configured, none is wanted and none there is. Errors besides those of the
    // client: invalid for a configuration that FAILED, whose reason an operator must mend.
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope scope) override {
        auto answer =
            co_await client_.provisioned_concurrency(function_, qualifier_, std::move(scope));
        if (!answer) co_return explain(std::move(answer.error()), "read");
        if (!*answer) co_return scaling::ServiceState{};
        const clients::ProvisionedConcurrency& config = **answer;
        if (config.status == "FAILED") {
            co_return Error{
                .kind = ErrorKind::invalid,
                .message = fmt::format(
                    "Lambda could not provide the concurrency of {} that is configured for {}:{}: "
                    "{}; mend that and configure it anew, or delete the configuration",
                    config.requested.value, function_, qualifier_,
                    config.reason.empty() ? std::string_view{"it gives no reason"}
                                          : excerpt(config.reason, failed_reason_bytes_max)),
                .service = "Lambda",
                .code = "ProvisionedConcurrencyFailed"};
        }
        const bool starting = config.status == "IN_PROGRESS" && config.requested > config.available;
        co_return scaling::ServiceState{config.requested, config.available,
                                        starting ? config.requested - config.available : Tasks{0}};
    }

    // An environment that works on an event ends when the event does: none needs protection.
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope) override { co_return Tasks{0}; }

    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope scope) override {
        auto done = co_await client_.set_provisioned_concurrency(function_, qualifier_, desired,
                                                                 std::move(scope));
        if (done) co_return done;
        const std::string what = fmt::format("set to {}", desired.value);
        co_return explain(std::move(done.error()), what);
    }

  private:
    Error explain(Error error, std::string_view what) const {
        error.message =
            fmt::format("cannot {} the provisioned concurrency of {}:{}: {}; {}", what, function_,
                        qualifier_, error.message, lambda_advice(error.kind));
        return error;
    }

    clients::LambdaClient& client_;
    std::string function_;
    std::string qualifier_;
};

TargetIdentity identity_of_function(const LambdaOptions& options) {
    return {"lambda", fmt::format("{}:{}", options.function, options.qualifier)};
}

// Of an ARN, the name alone: "function:work:live".
ScalableResource resource_of_function(const TargetDescription& description) {
    const auto& options = description.options.as<LambdaOptions>();
    const std::string& function = options.function;
    return {
        identity_of_function(options),
        fmt::format("function:{}:{}", function.substr(function.rfind(':') + 1), options.qualifier)};
}

reactor::Task<Result<std::vector<OtherMaster>>> masters_of_functions(
    std::vector<TargetDescription> targets, clients::AwsAccount* account, reactor::Scope scope) {
    constexpr ScalableDimension scaled{"lambda", "lambda:function:ProvisionedConcurrency"};
    return registered_elsewhere(scaled, resource_of_function, std::move(targets), account,
                                std::move(scope));
}

}  // namespace

const TargetKind targets::lambda =
    target_kind<LambdaOptions, LambdaTarget, identity_of_function, masters_of_functions>(
        "lambda", lambda_rows, "TARGET_");

}  // namespace fas::adapters
