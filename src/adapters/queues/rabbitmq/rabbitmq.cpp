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

constexpr std::array rabbitmq_options = {
    Option{.key = "host",
           .variable = "RABBITMQ_HOST",
           .description = "The server that has the management API.",
           .type = TextType{.accepted = "a host's name or an IP address, IPv6 in brackets",
                            .pattern = R"(^(\[[0-9A-Za-z.:]+\]|[0-9A-Za-z._-]+)$)",
                            .valid = is_host_in_url}},
    Option{.key = "port",
           .variable = "RABBITMQ_PORT",
           .description = "The management API's port, which is not AMQP's: 15671 unless given, or "
                          "15672 without tls.",
           .type = IntegerType{.min = 1, .max = 65535}},
    Option{.key = "tls",
           .variable = "RABBITMQ_TLS",
           .description = "Speak TLS to host, and verify its certificate.",
           .type = BooleanType{},
           .default_value = true},
    Option{.key = "url",
           .variable = "RABBITMQ_URL",
           .description = "Instead of host: the management API's address, up to before /api.",
           .type = broker_url_type},
    broker_id_option("RABBITMQ_BROKER_ID"),
    Option{.key = "vhost",
           .variable = "RABBITMQ_VHOST",
           .description = "The virtual host.",
           .type = broker_name_type,
           .default_value = std::string_view{"/"}},
    Option{.key = "queue_name",
           .variable = "RABBITMQ_QUEUE",
           .description = "The queue.",
           .type = broker_name_type,
           .by_tag = true},
    Option{.key = "queue_pattern",
           .variable = "RABBITMQ_QUEUE_PATTERN",
           .description = "Instead of queue_name: a regular expression (RabbitMQ's own, PCRE) that "
                          "some part of a queue's name matches; all such queues of the virtual "
                          "host count together. Anchor it with ^ and $.",
           .type = broker_name_type,
           .by_tag = true},
    Option{.key = "username",
           .variable = "RABBITMQ_USERNAME",
           .description = "A user with the tag management or monitoring, and rights on the "
                          "virtual host.",
           .type = broker_name_type,
           .required = true},
    required(password_option("RABBITMQ_PASSWORD")),
    ca_file_option("RABBITMQ_CA_FILE"),
    secrets_over_http_option("RABBITMQ_SECRETS_OVER_HTTP"),
};

std::string url_of(const Options& given) {
    if (!given.given("host")) return given.text("url");
    const bool tls = given.flag("tls");
    const std::int64_t port = given.given("port") ? given.integer("port") : tls ? 15671 : 15672;
    return fmt::format("{}://{}:{}", tls ? "https" : "http", given.text("host"), port);
}

BrokerAccess rabbitmq_access(const Options& given) {
    return broker_access(given, url_of(given), clients::MqEngine::rabbitmq);
}

std::string name_of_queues(const Options& given) {
    const std::string vhost = given.text("vhost");
    const bool several = given.given("queue_pattern");
    return fmt::format("RabbitMQ queue{}{}{} at {}", several ? "s that match " : " ",
                       given.text(several ? "queue_pattern" : "queue_name"),
                       vhost == "/" ? "" : fmt::format(" in virtual host {}", vhost),
                       rabbitmq_access(given).name());
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
    RabbitMqSource(const Options& given, clients::AwsAccount& account)
        : clock_(account.context.clock),
          name_(name_of_queues(given)),
          vhost_(given.text("vhost")),
          queue_(given.text("queue_name")),
          pattern_(given.text("queue_pattern")),
          web_(account, rabbitmq_access(given)) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    reactor::Task<Result<scaling::QueueDepth>> read_all(reactor::Scope scope);
    reactor::Task<Result<reactor::HttpResponse>> ask(std::string target, reactor::Scope scope);
    reactor::Task<Error> not_found(Error error, reactor::Scope scope);
    std::string target(std::int64_t page) const;

    const Clock& clock_;
    std::string name_;
    std::string vhost_;
    std::string queue_;
    std::string pattern_;  // instead of queue_
    BrokerWeb web_;
};

std::string RabbitMqSource::target(std::int64_t page) const {
    const std::string queues = fmt::format("/api/queues/{}", uri_encode(vhost_));
    if (pattern_.empty()) {
        return fmt::format("{}/{}?columns={}", queues, uri_encode(queue_), rabbitmq_columns);
    }
    return fmt::format("{}?page={}&page_size={}&sort=name&use_regex=true&name={}&columns={}",
                       queues, page, page_size, uri_encode(pattern_), rabbitmq_columns);
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
    std::string vhost = fmt::format("/api/vhosts/{}", uri_encode(vhost_));
    const auto answer = co_await ask(std::move(vhost), std::move(scope));
    if (answer) {
        error.message = "there is no such queue";
    } else if (answer.error().kind == ErrorKind::not_found) {
        error.message = fmt::format("there is no virtual host {}", vhost_);
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
        const auto wrong = pattern_.empty() ? sum.add_queue(*response) : sum.add_page(*response);
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

std::optional<OptionProblem> rabbitmq_problem(const Options& given, std::string_view region) {
    if (given.given("queue_name") == given.given("queue_pattern")) {
        return OptionProblem{given.given("queue_name") ? "queue_pattern" : "queue_name",
                             "set either queue_name or queue_pattern"};
    }
    if (given.given("host") && given.given("url")) {
        return OptionProblem{"url", "says where the server is, and so does host: set one of them"};
    }
    if (given.given("port") && !given.given("host")) {
        return OptionProblem{"port", "belongs to host: write it into url, or set host"};
    }
    const std::string_view place = given.given("url") ? "url" : "host";
    return broker_access_problem(given, rabbitmq_access(given), place, region);
}

}  // namespace

const QueueKind queues::rabbitmq = {
    .name = "rabbitmq",
    .options = rabbitmq_options,
    .name_of = name_of_queues,
    .problem = rabbitmq_problem,
    .make = [](const Options& given, QueueContext context) -> std::unique_ptr<QueueSource> {
        return std::make_unique<RabbitMqSource>(given, context.account);
    }};

}  // namespace fas::adapters
