// The backlog of a RabbitMQ queue, or of all that a pattern matches: read from the management API.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/queues/kinds.h"
#include "adapters/queues/rabbitmq/answers.h"
#include "adapters/queues/shared/broker_web.h"
#include "base/uri_encode.h"
#include "base/web_url.h"

namespace fas::adapters {

namespace {

// RabbitMQ gives 500 queues a page at most.
constexpr std::int64_t page_size = 500;
constexpr std::int64_t pages_max = 20;

bool is_host_in_url(std::string_view text) {
    return text.find('/') == std::string_view::npos &&
           is_web_base(fmt::format("http://{}:1", text));
}

struct RabbitMqOptions {
    std::string host;
    std::optional<std::int64_t> port;
    bool tls = true;
    BrokerAccess broker{.engine = clients::MqEngine::rabbitmq};
    std::string vhost = "/";
    std::string queue_name;
    std::string queue_pattern;
};

constexpr auto rabbitmq_rows = join(
    std::array{
        Row{"host",
            Text{{R"(^(\[[0-9A-Za-z.:]+\]|[0-9A-Za-z._-]+)$)", is_host_in_url},
                 "a host's name or an IP address, IPv6 in brackets"},
            field<&RabbitMqOptions::host>, "The server that has the management API.", Need::absent,
            Example{"mq.internal"}},
        Row{"port", Integer{1, 65535}, field<&RabbitMqOptions::port>,
            "The management API's port, which is not AMQP's: 15671 unless given, or 15672 without "
            "tls.",
            Need::absent, Example{"15671"}},
        Row{"tls", Flag{}, field<&RabbitMqOptions::tls>,
            "Speak TLS to host, and verify its certificate."},
        Row{"url", broker_url, field<&RabbitMqOptions::broker, &BrokerAccess::url>,
            "Instead of host: the management API's address, up to before /api.", Need::absent,
            Example{"https://mq.internal:15671"}},
        broker_id_row<&RabbitMqOptions::broker>,
        Row{"vhost", broker_name, field<&RabbitMqOptions::vhost>, "The virtual host."},
        Row{"queue_name", broker_name, field<&RabbitMqOptions::queue_name>, "The queue.",
            Need::absent, Tag::yes, Variable{"RABBITMQ_QUEUE"}, Example{"jobs"}},
        Row{"queue_pattern", broker_name, field<&RabbitMqOptions::queue_pattern>,
            "Instead of queue_name: a regular expression (RabbitMQ's own, PCRE) that some part of "
            "a "
            "queue's name matches; all such queues of the virtual host count together. Anchor it "
            "with ^ and $.",
            Need::absent, Tag::yes, Example{"^tenant-.*-jobs$"}},
    },
    broker_rows<&RabbitMqOptions::broker>(
        "A user with the tag management or monitoring, and rights on the virtual host."));

BrokerAccess rabbitmq_access(const RabbitMqOptions& options) {
    BrokerAccess access = options.broker;
    if (!options.host.empty()) {
        access.url = fmt::format("{}://{}:{}", options.tls ? "https" : "http", options.host,
                                 options.port.value_or(options.tls ? 15671 : 15672));
    }
    return access;
}

std::string name_of_queues(const RabbitMqOptions& options) {
    const bool several = !options.queue_pattern.empty();
    return fmt::format(
        "RabbitMQ queue{}{}{} at {}", several ? "s that match " : " ",
        several ? options.queue_pattern : options.queue_name,
        options.vhost == "/" ? "" : fmt::format(" in virtual host {}", options.vhost),
        rabbitmq_access(options).name());
}

bool is_refusal(const reactor::HttpResponse& response) {
    return response.status >= 400 && response.status < 500;
}

std::string_view rabbitmq_advice(const Error& error) {
    if (const std::string_view known = broker_advice(error); !known.empty()) return known;
    if (error.code == "MalformedResponse" || error.code == "TlsFailed" ||
        error.code == "UnusableAnswer") {
        return "check port and tls: it must be the management API's port, not AMQP's";
    }
    if (error.code == "StreamQueue") {
        return "scale by how far its consumers are behind: set queue_type to prometheus, with the "
               "metric rabbitmq_detailed_stream_consumer_max_offset_lag of RabbitMQ's plugin "
               "rabbitmq_prometheus; or name queues of another type";
    }
    switch (error.kind) {
        case ErrorKind::denied:
            return "check username and password, the user's tag (management or monitoring) and "
                   "its rights on the virtual host";
        case ErrorKind::not_found: return "check the queue's name and vhost";
        case ErrorKind::invalid: return "check the configuration";
        default: return "nothing is scaled until it can be read";
    }
}

class RabbitMqSource final : public QueueSource {
  public:
    RabbitMqSource(const RabbitMqOptions& options, QueueContext context)
        : clock_(context.account.context.clock),
          name_(name_of_queues(options)),
          options_(options),
          web_(context.account, rabbitmq_access(options)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    reactor::Task<Result<scaling::QueueDepth>> read_all(reactor::Scope scope);
    reactor::Task<Result<reactor::HttpResponse>> ask(std::string target, reactor::Scope scope);
    reactor::Task<Error> not_found(Error error, reactor::Scope scope);
    std::string target(std::int64_t page) const;

    const Clock& clock_;
    std::string name_;
    RabbitMqOptions options_;
    BrokerWeb web_;
};

std::string RabbitMqSource::target(std::int64_t page) const {
    const std::string queues = fmt::format("/api/queues/{}", uri_encode(options_.vhost));
    if (options_.queue_pattern.empty()) {
        return fmt::format("{}/{}?columns={}", queues, uri_encode(options_.queue_name),
                           rabbitmq_columns);
    }
    return fmt::format("{}?page={}&page_size={}&sort=name&use_regex=true&name={}&columns={}",
                       queues, page, page_size, uri_encode(options_.queue_pattern),
                       rabbitmq_columns);
}

reactor::Task<Result<reactor::HttpResponse>> RabbitMqSource::ask(std::string target,
                                                                 reactor::Scope scope) {
    clients::WebRequest request;
    request.target = std::move(target);
    request.readable = is_refusal;
    auto response = co_await web_.send(std::move(request), false, std::move(scope));
    if (response && is_refusal(*response)) co_return rabbitmq_error(*response);
    co_return response;
}

// RabbitMQ says the same of a virtual host that is not there as of a queue.
reactor::Task<Error> RabbitMqSource::not_found(Error error, reactor::Scope scope) {
    std::string vhost = fmt::format("/api/vhosts/{}", uri_encode(options_.vhost));
    const auto answer = co_await ask(std::move(vhost), std::move(scope));
    if (answer) {
        error.message = "there is no such queue";
    } else if (answer.error().kind == ErrorKind::not_found) {
        error.message = fmt::format("there is no virtual host {}", options_.vhost);
    }
    co_return error;
}

reactor::Task<Result<scaling::QueueDepth>> RabbitMqSource::read_all(reactor::Scope scope) {
    QueueSum sum{clock_.now()};
    for (std::int64_t page = 1; page == 1 || page <= sum.pages(); ++page) {
        std::string asked = target(page);
        const auto response = co_await ask(std::move(asked), scope);
        if (!response && response.error().kind == ErrorKind::not_found) {
            co_return co_await not_found(response.error(), std::move(scope));
        }
        if (!response) co_return response.error();
        const auto wrong =
            options_.queue_pattern.empty() ? sum.add_queue(*response) : sum.add_page(*response);
        if (wrong) co_return *wrong;
        if (sum.pages() > pages_max) {
            co_return Error{
                .kind = ErrorKind::invalid,
                .message = fmt::format("more than {} queues match", pages_max * page_size),
                .service = "RabbitMQ",
                .code = "TooManyQueues"};
        }
    }
    if (sum.queues() == 0) {
        co_return Error{.kind = ErrorKind::not_found,
                        .message = "no queue matches",
                        .service = "RabbitMQ",
                        .code = "NoQueue"};
    }
    co_return sum.depth();
}

reactor::Task<Result<scaling::QueueDepth>> RabbitMqSource::read(reactor::Scope scope) {
    auto depth = co_await read_all(std::move(scope));
    if (depth) co_return depth;
    Error error = std::move(depth.error());
    error.message = fmt::format("cannot read the depth of {}: {}; {}", name_, error.message,
                                rabbitmq_advice(error));
    co_return error;
}

std::optional<Clash> rabbitmq_clash(const RabbitMqOptions& options) {
    const bool by_url = !options.broker.url.empty();
    if (options.queue_name.empty() == options.queue_pattern.empty()) {
        return Clash{options.queue_name.empty() ? "queue_name" : "queue_pattern",
                     "set either queue_name or queue_pattern"};
    }
    if (!options.host.empty() && by_url) {
        return Clash{"url", "says where the server is, and so does host: set one of them"};
    }
    if (options.port && options.host.empty()) {
        return Clash{"port", "belongs to host: write it into url, or set host"};
    }
    return broker_clash(rabbitmq_access(options), by_url ? "url" : "host");
}

}  // namespace

const QueueKind queues::rabbitmq =
    queue_kind<RabbitMqOptions, name_of_queues, made<RabbitMqSource, RabbitMqOptions>,
               rabbitmq_clash>("rabbitmq", rabbitmq_rows, "RABBITMQ_");

}  // namespace fas::adapters
