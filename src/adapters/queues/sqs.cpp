// The backlog of an SQS queue. Its dead-letter queue is another queue, and not counted; a FIFO
// queue counts as any other.
#include <fmt/format.h>

#include <array>

#include "adapters/queues/kinds.h"
#include "clients/aws/names.h"

namespace fas::adapters {

namespace {

constexpr std::array sqs_options = {
    Option{.key = "queue_url",
           .variable = "SQS_QUEUE_URL",
           .description = "The queue's URL. An amazonaws.com URL must be of the region that "
                          "`region` names, and https.",
           .type = TextType{.accepted = "an absolute http or https URL with a host and a path, "
                                        "without user, query and fragment (https for AWS)",
                            .pattern = clients::queue_url_pattern,
                            .valid = clients::is_queue_url},
           .required = true,
           .by_tag = true},
    Option{.key = "include_visible",
           .variable = "SQS_INCLUDE_VISIBLE",
           .description = "Count the messages that wait to be received.",
           .type = BooleanType{},
           .default_value = true,
           .by_tag = true},
    Option{.key = "include_in_flight",
           .variable = "SQS_INCLUDE_IN_FLIGHT",
           .description = "Count the messages that were received and not yet deleted. Where they "
                          "do not count, they do not hold off a scale-in either.",
           .type = BooleanType{},
           .default_value = true,
           .by_tag = true},
    Option{.key = "include_delayed",
           .variable = "SQS_INCLUDE_DELAYED",
           .description = "Count the messages whose delay is not over yet among those that wait.",
           .type = BooleanType{},
           .default_value = false,
           .by_tag = true},
};

std::string_view sqs_advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "check queue_url and region";
        case ErrorKind::denied: return "check the credentials and allow sqs:GetQueueAttributes";
        default: return "nothing is scaled until it can be read";
    }
}

class SqsSource final : public QueueSource {
  public:
    SqsSource(clients::SqsClient& client, const Options& given)
        : client_(client),
          queue_url_(given.text("queue_url")),
          visible_(given.flag("include_visible")),
          in_flight_(given.flag("include_in_flight")),
          delayed_(given.flag("include_delayed") ? clients::Delayed::count
                                                 : clients::Delayed::leave_out) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        auto counts = co_await client_.queue_counts(queue_url_, delayed_, std::move(scope));
        if (!counts) {
            Error error = std::move(counts.error());
            error.message = fmt::format("cannot read the depth of queue {}: {}; {}", queue_url_,
                                        error.message, sqs_advice(error.kind));
            co_return error;
        }
        const Messages none{0};
        co_return scaling::QueueDepth{(visible_ ? counts->visible : none) + counts->delayed,
                                      in_flight_ ? counts->in_flight : none};
    }

  private:
    clients::SqsClient& client_;
    std::string queue_url_;
    bool visible_;
    bool in_flight_;
    clients::Delayed delayed_;
};

std::optional<OptionProblem> sqs_problem(const Options& given, std::string_view region) {
    const auto its_region = clients::region_of_queue_url(given.text("queue_url"));
    if (!its_region || *its_region == region) return std::nullopt;
    return OptionProblem{
        "queue_url",
        fmt::format("its region is {}, and region is {}: set region (AWS_REGION) to {}, or name "
                    "another queue",
                    *its_region, region, *its_region)};
}

}  // namespace

const QueueKind queues::sqs = {
    .name = "sqs",
    .options = sqs_options,
    .name_of = [](const Options& given) { return given.text("queue_url"); },
    .problem = sqs_problem,
    .make = [](const Options& given, QueueContext context) -> std::unique_ptr<QueueSource> {
        return std::make_unique<SqsSource>(context.account.sqs, given);
    }};

}  // namespace fas::adapters
