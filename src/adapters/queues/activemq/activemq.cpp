// The backlog of a queue of ActiveMQ (Amazon MQ's, or anybody's): read from the broker's MBeans,
// through the Jolokia of its web console. Nothing is sent to the queue.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/queues/activemq/jolokia.h"
#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/broker_web.h"
#include "clients/aws/services/cloudwatch.h"

namespace fas::adapters {

namespace {

constexpr std::chrono::seconds metric_period{60};
// A metric of Amazon MQ is a minute or two behind.
constexpr int metric_periods = 5;
// While the broker cannot be reached, it is not waited for at each check.
constexpr std::chrono::seconds rest_from_broker{60};

struct AmqOptions {
    BrokerAccess broker;  // url: the console's, or Jolokia's own
    std::string broker_name;
    std::string queue_name;
    bool fallback_to_cloudwatch = false;
};

constexpr auto amq_rows = join(
    std::array{
        broker_id_row<&AmqOptions::broker>,
        Row{"console_url", broker_url, field<&AmqOptions::broker, &BrokerAccess::url>,
            "Instead of broker_id: the address of the broker's web console, or, where it ends with "
            "/jolokia, of Jolokia itself.",
            Need::absent, Example{"https://mq.internal:8162"}},
        Row{"broker_name", broker_name, field<&AmqOptions::broker_name>,
            "The broker's own name (brokerName); needed only where one server has several.",
            Need::absent, Example{"localhost"}},
        Row{"queue_name", broker_name, field<&AmqOptions::queue_name>, "The queue.", Need::required,
            Tag::yes, Example{"jobs"}},
    },
    broker_rows<&AmqOptions::broker>("A user of the web console."),
    std::array{
        Row{"fallback_to_cloudwatch", Flag{}, field<&AmqOptions::fallback_to_cloudwatch>,
            "While the broker of broker_id cannot be reached, use CloudWatch's QueueSize, which is "
            "a "
            "minute or two old."},
    });

std::string name_of_queue(const AmqOptions& options) {
    return fmt::format("ActiveMQ queue {} at {}", options.queue_name, options.broker.name());
}

std::string_view amq_advice(const Error& error) {
    if (const std::string_view known = broker_advice(error); !known.empty()) return known;
    if (error.code.starts_with("Jolokia")) {
        if (error.kind == ErrorKind::not_found) return "check queue_name and broker_name";
        if (error.kind == ErrorKind::denied) return "change the broker's jolokia-access.xml";
    }
    if (error.code == "UnusableAnswer") {
        return "check console_url: it must be the address of the web console, or Jolokia's own";
    }
    if (error.code == "OtherQueue") return "give one of the two another name";
    switch (error.kind) {
        case ErrorKind::denied: return "check username and password";
        case ErrorKind::not_found: return "check console_url";
        default: return "nothing is scaled until it can be read";
    }
}

class AmqSource final : public QueueSource {
  public:
    AmqSource(const AmqOptions& options, QueueContext context)
        : account_(context.account),
          name_(name_of_queue(options)),
          queue_{options.broker_name, options.queue_name},
          path_(options.broker.url.ends_with("/jolokia") ? "/" : "/api/jolokia/"),
          fallback_(options.fallback_to_cloudwatch),
          web_(context.account, options.broker) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    reactor::Task<Result<scaling::QueueDepth>> read_broker(reactor::Scope scope);
    clients::WebRequest question() const;
    bool may_fall_back(const Error& error) const;
    reactor::Task<Result<scaling::QueueDepth>> read_cloudwatch(reactor::Scope scope);
    std::vector<clients::MetricQuery> metrics() const;

    clients::AwsAccount& account_;
    std::string name_;
    AmqQueue queue_;
    std::string_view path_;
    bool fallback_;
    BrokerWeb web_;
    bool by_get_ = false;  // since POST was refused
    std::optional<Error> unreachable_;
    SteadyTime unreachable_since_;
};

clients::WebRequest AmqSource::question() const {
    clients::WebRequest request;
    request.target = path_;
    request.readable = [](const reactor::HttpResponse& response) {
        return response.status == 403 || response.status == 405;
    };
    if (by_get_) {
        request.target += jolokia_path(queue_);
        return request;
    }
    request.method = "POST";
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = jolokia_body(queue_);
    return request;
}

reactor::Task<Result<scaling::QueueDepth>> AmqSource::read_broker(reactor::Scope scope) {
    clients::WebRequest request = question();
    auto response = co_await web_.send(std::move(request), true, scope);
    if (response && refuses_method(*response)) {
        by_get_ = !by_get_;
        clients::WebRequest other_way = question();
        other_way.readable = nullptr;
        response = co_await web_.send(std::move(other_way), true, std::move(scope));
    }
    if (!response) co_return response.error();
    co_return read_jolokia_answer(*response, queue_);
}

bool AmqSource::may_fall_back(const Error& error) const {
    return fallback_ && web_.described() && error.service != "MQ" &&
           error.kind == ErrorKind::retryable;
}

reactor::Task<Result<scaling::QueueDepth>> AmqSource::read(reactor::Scope scope) {
    const auto since = reactor::now() - unreachable_since_;
    std::optional<Error> error;
    if (unreachable_ && since < rest_from_broker) {
        error = unreachable_;
    } else {
        auto depth = co_await read_broker(scope);
        unreachable_.reset();
        if (depth) co_return depth;
        error = std::move(depth.error());
    }
    if (may_fall_back(*error)) {
        auto depth = co_await read_cloudwatch(std::move(scope));
        if (depth && !unreachable_) {
            unreachable_ = error;
            unreachable_since_ = reactor::now();
        }
        if (depth) {
            depth->estimated_from +=
                fmt::format(", since the broker cannot be read ({})", error->code);
            co_return depth;
        }
        error->message += "; nor can CloudWatch's QueueSize: " + depth.error().message;
    }
    error->message = fmt::format("cannot read the depth of {}: {}; {}", name_, error->message,
                                 amq_advice(*error));
    co_return *error;
}

// The broker's instances have metrics of their own, by its name and -1, or -2 of a pair's second.
// https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-logging-monitoring.html
std::vector<clients::MetricQuery> AmqSource::metrics() const {
    std::vector<clients::MetricQuery> queries;
    for (const int instance : {1, 2}) {
        clients::MetricQuery query;
        query.id = fmt::format("instance{}", instance);
        query.metric.name_space = "AWS/AmazonMQ";
        query.metric.name = "QueueSize";
        query.metric.dimensions = {
            {"Broker", fmt::format("{}-{}", web_.described()->name, instance)},
            {"Queue", queue_.name}};
        query.statistic = "Maximum";
        query.period = metric_period;
        queries.push_back(std::move(query));
    }
    return queries;
}

reactor::Task<Result<scaling::QueueDepth>> AmqSource::read_cloudwatch(reactor::Scope scope) {
    clients::CloudWatchClient& cloudwatch = account_.cloudwatch.get();
    const TimePoint now = cloudwatch.now();
    auto queries = metrics();
    const auto window = clients::recent_periods(now, metric_period, metric_periods, true);
    auto data = co_await cloudwatch.metric_data(std::move(queries), window, std::move(scope));
    if (!data) co_return data.error();
    std::optional<clients::Datapoint> newest;
    scaling::QueueDepth depth;
    for (const clients::MetricSeries& series : data->series) {
        if (!series.partial.empty()) depth.missing = series.partial;
        if (series.newest && (!newest || series.newest->begin > newest->begin)) {
            newest = series.newest;
        }
    }
    if (!newest || !(newest->value >= 0 && newest->value < 1e15)) {
        co_return Error{
            .kind = ErrorKind::not_found,
            .message = fmt::format("it has none of the last {} minutes", metric_periods),
            .service = "CLOUDWATCH",
            .code = "NoData"};
    }
    depth.visible = Messages{std::llround(newest->value)};
    depth.measured_at = std::min(newest->begin + metric_period, now);
    const auto age = std::chrono::round<std::chrono::seconds>(now - *depth.measured_at);
    depth.estimated_from =
        fmt::format("CloudWatch's QueueSize of {} s ago, messages in flight included", age.count());
    co_return depth;
}

std::optional<Clash> amq_clash(const AmqOptions& options) {
    if (auto clash = broker_clash(options.broker, "console_url")) return clash;
    if (options.fallback_to_cloudwatch && options.broker.broker_id.empty()) {
        return Clash{"fallback_to_cloudwatch",
                     "is for Amazon MQ's brokers: set broker_id instead of console_url"};
    }
    return std::nullopt;
}

}  // namespace

const QueueKind queues::amq =
    queue_kind<AmqOptions, name_of_queue, made<AmqSource, AmqOptions>, amq_clash>("amq", amq_rows,
                                                                                  "AMQ_");

}  // namespace fas::adapters
