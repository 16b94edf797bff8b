// The backlog of an SQS queue. Its dead-letter queue is another queue, and not counted; a FIFO
// queue counts as any other.
#include <fmt/format.h>

#include <array>

#include "adapters/queues/kinds.h"
#include "clients/aws/names.h"

namespace fas::adapters {

namespace {

struct SqsOptions {
    std::string queue_url;
    bool include_visible = true;
    bool include_in_flight = true;
    bool include_delayed = false;
};

constexpr std::array sqs_rows{
    Row{"queue_url",
        Text{{clients::queue_url_pattern, clients::is_queue_url},
             "an absolute http or https URL with a host and a path, without user, query and "
             "fragment (https for AWS)"},
        field<&SqsOptions::queue_url>,
        "The queue's URL. An amazonaws.com URL must be of the region that `region` names, and "
        "https.",
        Need::required, Tag::yes,
        Example{"https://sqs.eu-west-1.amazonaws.com/123456789012/orders"}},
    Row{"include_visible", Flag{}, field<&SqsOptions::include_visible>,
        "Count the messages that wait to be received.", Tag::yes},
    Row{"include_in_flight", Flag{}, field<&SqsOptions::include_in_flight>,
        "Count the messages that were received and not yet deleted. Where they do not count, they "
        "do not hold off a scale-in either.",
        Tag::yes},
    Row{"include_delayed", Flag{}, field<&SqsOptions::include_delayed>,
        "Count the messages whose delay is not over yet among those that wait.", Tag::yes},
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
    SqsSource(SqsOptions options, QueueContext context)
        : client_(context.account.sqs), options_(std::move(options)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        const auto delayed =
            options_.include_delayed ? clients::Delayed::count : clients::Delayed::leave_out;
        auto counts = co_await client_.queue_counts(options_.queue_url, delayed, std::move(scope));
        if (!counts) {
            Error error = std::move(counts.error());
            error.message = fmt::format("cannot read the depth of queue {}: {}; {}",
                                        options_.queue_url, error.message, sqs_advice(error.kind));
            co_return error;
        }
        const Messages none{0};
        co_return scaling::QueueDepth{
            (options_.include_visible ? counts->visible : none) + counts->delayed,
            options_.include_in_flight ? counts->in_flight : none};
    }

  private:
    clients::SqsClient& client_;
    SqsOptions options_;
};

std::string url_of_queue(const SqsOptions& options) { return options.queue_url; }

std::optional<OwnRegion> region_of_queue(const Options& options) {
    auto region = clients::region_of_queue_url(options.as<SqsOptions>().queue_url);
    if (!region) return std::nullopt;
    return OwnRegion{"queue_url", std::move(*region)};
}

}  // namespace

const QueueKind queues::sqs = queue_kind<SqsOptions, url_of_queue, made<SqsSource, SqsOptions>>(
    "sqs", sqs_rows, "SQS_", region_of_queue);

}  // namespace fas::adapters
