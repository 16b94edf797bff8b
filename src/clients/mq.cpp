#include "clients/mq.h"

#include <fmt/format.h>

#include "base/excerpt.h"
#include "clients/aws_error.h"
#include "clients/web_endpoint.h"
#include "json/reader.h"
#include "sigv4/uri.h"

namespace fas::clients {

namespace {

constexpr AwsService mq{.name = "MQ",
                        .signing_name = "mq",
                        .host_prefix = "mq",
                        .target_prefix = "",
                        .protocol = Protocol::rest_json};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{256} << 10U, .depth_max = 8};
constexpr std::size_t instances_max = 16;
constexpr std::size_t url_bytes_max = 512;
constexpr std::size_t name_bytes_max = 60;

Error unusable(const reactor::HttpResponse& response, std::string why) {
    return {.kind = ErrorKind::invalid,
            .message = "DescribeBroker answered something unusable: " + std::move(why),
            .service = std::string{mq.name},
            .code = "UnusableAnswer",
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

std::string_view text_of(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return member ? member->as_string().value_or("") : "";
}

bool is_address(std::string_view url) {
    return url.starts_with("https://") && url.size() <= url_bytes_max && is_web_base(url);
}

}  // namespace

Result<MqBroker> read_broker(const reactor::HttpResponse& response) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const json::Value root = document->root();
    MqBroker broker{.name = std::string{excerpt(text_of(root, "brokerName"), name_bytes_max)},
                    .state = std::string{excerpt(text_of(root, "brokerState"), name_bytes_max)}};
    if (broker.state.empty()) return unusable(response, "no brokerState");
    // Once "ActiveMQ" and "RabbitMQ", and still so in some emulators.
    const std::string_view engine = text_of(root, "engineType");
    if (engine == "RABBITMQ" || engine == "RabbitMQ") {
        broker.engine = MqEngine::rabbitmq;
    } else if (engine != "ACTIVEMQ" && engine != "ActiveMQ") {
        return unusable(response, "no engineType that is known");
    }
    const auto instances = root.find("brokerInstances");
    if (!instances) return broker;
    for (const json::Value& instance : instances->items()) {
        std::string_view url = text_of(instance, "consoleURL");
        if (url.empty()) continue;  // it is being made
        // The broker's password goes there.
        if (!is_address(url)) return unusable(response, "a consoleURL that is no https:// address");
        if (broker.console_urls.size() == instances_max) {
            return unusable(response, "too many brokerInstances");
        }
        while (url.ends_with('/')) url.remove_suffix(1);
        broker.console_urls.emplace_back(url);
    }
    return broker;
}

MqClient::MqClient(AwsContext& context) : client_(context, mq) {}

reactor::Task<Result<MqBroker>> MqClient::describe_broker(std::string broker_id,
                                                          reactor::Scope scope) {
    AwsRequest request{.operation = "DescribeBroker",
                       .method = "GET",
                       .path = fmt::format("/v1/brokers/{}", sigv4::uri_encode(broker_id))};
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_broker(*response);
}

}  // namespace fas::clients
