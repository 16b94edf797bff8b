#include "clients/aws/services/mq.h"

#include <fmt/format.h>

#include "base/excerpt.h"
#include "base/uri_encode.h"
#include "base/web_url.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr AwsService mq{.name = "MQ",
                        .signing_name = "mq",
                        .host_prefix = "mq",
                        .target_prefix = "",
                        .protocol = Protocol::rest_json};

constexpr json::Limits broker_limits{.bytes_max = std::size_t{256} << 10U, .depth_max = 8};
constexpr std::size_t instances_max = 16;
constexpr std::size_t console_url_bytes_max = 512;
constexpr std::size_t broker_name_bytes_max = 60;

bool is_address(std::string_view url) {
    return url.starts_with("https://") && url.size() <= console_url_bytes_max && is_web_base(url);
}

}  // namespace

Result<MqBroker> read_broker(const reactor::HttpResponse& response) {
    JsonAnswer answer{mq.name, "DescribeBroker", response, broker_limits};
    const JsonPart root = answer.root();
    MqBroker broker{
        .name = std::string{excerpt(root.text_at("brokerName"), broker_name_bytes_max)},
        .state = std::string{excerpt(root.text_at("brokerState"), broker_name_bytes_max)}};
    if (broker.state.empty()) answer.lacks("brokerState");
    // Once "ActiveMQ" and "RabbitMQ", and still so in some emulators.
    const std::string_view engine = root.text("engineType");
    if (engine == "RABBITMQ" || engine == "RabbitMQ") {
        broker.engine = MqEngine::rabbitmq;
    } else if (engine != "ACTIVEMQ" && engine != "ActiveMQ") {
        answer.lacks("engineType that is known");
    }
    for (const json::Value& instance : root.items_at("brokerInstances")) {
        std::string_view url = instance.text_at("consoleURL");
        if (url.empty()) continue;  // it is being made
        // The broker's password goes there.
        if (!is_address(url)) answer.reject("a consoleURL that is not an https:// address");
        if (broker.console_urls.size() == instances_max) {
            answer.reject("too many brokerInstances");
            break;
        }
        while (url.ends_with('/')) url.remove_suffix(1);
        broker.console_urls.emplace_back(url);
    }
    return answer.give(std::move(broker));
}

MqClient::MqClient(AwsContext& context) : client_(context, mq) {}

reactor::Task<Result<MqBroker>> MqClient::describe_broker(std::string broker_id,
                                                          reactor::Scope scope) {
    AwsRequest request{.operation = "DescribeBroker",
                       .method = "GET",
                       .path = fmt::format("/v1/brokers/{}", uri_encode(broker_id))};
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_broker(*response);
}

}  // namespace fas::clients
