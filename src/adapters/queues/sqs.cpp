// The backlog of an SQS queue. Its dead-letter queue is another queue, and not counted; a FIFO
// queue counts as any other.
#include <fmt/format.h>

#include <array>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/region_row.h"
#include "clients/aws/names.h"
#include "clients/aws/queue_address.h"

namespace fas::adapters {

namespace {

struct SqsOptions {
    std::string queue_url;
    std::string region;
    bool include_visible = true;
    bool include_in_flight = true;
    bool include_delayed = false;
};

constexpr std::array sqs_rows{
    Row{"queue_url",
        Text{{clients::queue_pattern, clients::is_queue},
             "an absolute http or https URL with a host and a path, without user, query and "
             "fragment (https for AWS); or a queue's ARN, or its name"},
        field<&SqsOptions::queue_url>,
        "The queue: its URL in any of SQS's forms, its ARN, or its name. A URL's host is where it "
        "is asked, and the region is that of the URL or the ARN. An ARN or a name needs "
        "sqs:GetQueueUrl.",
        Need::required, Tag::yes,
        Example{"https://sqs.eu-west-1.amazonaws.com/123456789012/orders"}},
    region_row<&SqsOptions::region>,
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
        case ErrorKind::denied:
            return "check the credentials and allow sqs:GetQueueAttributes, and sqs:GetQueueUrl "
                   "where queue_url is a name or an ARN";
        default: return "nothing is scaled until it can be read";
    }
}

class SqsSource final : public QueueSource {
  public:
    SqsSource(SqsOptions options, QueueContext context)
        : client_(context.account.sqs),
          options_(std::move(options)),
          address_(clients::queue_address(options_.queue_url)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        if (address_.url.empty()) {
            auto url = co_await client_.queue_url(address_, scope);
            if (!url) co_return unreadable(std::move(url.error()));
            address_.url = std::move(*url);
        }
        const auto delayed =
            options_.include_delayed ? clients::Delayed::count : clients::Delayed::leave_out;
        auto counts = co_await client_.queue_counts(address_, delayed, std::move(scope));
        if (!counts) {
            // A queue that was made anew may have another.
            if (!address_.name.empty()) address_.url.clear();
            co_return unreadable(std::move(counts.error()));
        }
        const Messages none{0};
        co_return scaling::QueueDepth{
            (options_.include_visible ? counts->visible : none) + counts->delayed,
            options_.include_in_flight ? counts->in_flight : none};
    }

  private:
    Error unreadable(Error error) const {
        error.message = fmt::format("cannot read the depth of queue {}: {}; {}", options_.queue_url,
                                    error.message, sqs_advice(error.kind));
        return error;
    }

    clients::SqsClient& client_;
    SqsOptions options_;
    clients::QueueAddress address_;
};

std::string url_of_queue(const SqsOptions& options) { return options.queue_url; }

std::optional<std::string> region_of_queue(const Options& options) {
    if (auto given = given_region<SqsOptions>(options)) return given;
    std::string region = clients::queue_address(options.as<SqsOptions>().queue_url).region;
    return region.empty() ? std::nullopt : std::optional{std::move(region)};
}

std::optional<Clash> sqs_clash(const SqsOptions& options) {
    const std::string own = clients::queue_address(options.queue_url).region;
    if (own.empty() || options.region.empty() || own == options.region) return std::nullopt;
    return Clash{"region",
                 fmt::format("queue_url is of {}: leave region out, or name another queue", own)};
}

}  // namespace

const QueueKind queues::sqs =
    queue_kind<SqsOptions, url_of_queue, made<SqsSource, SqsOptions>, sqs_clash>(
        "sqs", sqs_rows, "SQS_", region_of_queue);

}  // namespace fas::adapters
