#include "adapters/queues/activemq/jolokia.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/excerpt.h"
#include "base/json_writer.h"
#include "base/uri_encode.h"
#include "clients/answers/json_answer.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

namespace {

constexpr json::Limits attributes_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};
constexpr std::size_t jolokia_text_bytes_max = 200;
constexpr std::string_view attributes[]{"QueueSize", "InFlightCount", "Name"};

// How org.apache.activemq.util.JMXSupport writes a name as a part of an MBean's.
std::string encoded_name(std::string_view name) {
    std::string encoded;
    for (const char c : name) {
        switch (c) {
            case ':':
            case ',':
            case '\'':
            case '"': encoded += '_'; break;
            case '?': encoded += "&qe;"; break;
            case '=': encoded += "&amp;"; break;
            case '*': encoded += "&ast;"; break;
            default: encoded += c;
        }
    }
    return encoded;
}

Error refused(const clients::Answer& answer, std::int64_t status, std::string_view reason,
              const AmqQueue& queue) {
    const std::string code = fmt::format("Jolokia{}", status);
    if (status == 404) {
        return answer.error(ErrorKind::not_found, code,
                            fmt::format("the broker{} has no such queue; ActiveMQ makes one when "
                                        "it is first used",
                                        queue.broker_name.empty() ? "" : " " + queue.broker_name));
    }
    if (reason.empty()) reason = "it gives no reason";
    return answer.error(clients::kind_of_status(static_cast<int>(status)), code,
                        fmt::format("Jolokia refuses with status {}: {}", status, reason));
}

Result<scaling::QueueDepth> read_attributes(clients::Answer& answer, const json::Value& object,
                                            const AmqQueue& queue) {
    const clients::JsonPart value{answer, object};
    const std::int64_t size = value.count("QueueSize");
    const std::int64_t in_flight = value.count("InFlightCount");
    const std::string_view name = value.text_at("Name");
    if (!answer.wrong() && name != queue.name) {
        return answer.error(ErrorKind::invalid, "OtherQueue",
                            fmt::format("where the broker would have it, it has the queue {}: "
                                        "ActiveMQ has one MBean for both names",
                                        excerpt(name, jolokia_text_bytes_max)));
    }
    scaling::QueueDepth depth;
    depth.visible = Messages{std::max<std::int64_t>(0, size - in_flight)};
    depth.in_flight = Messages{in_flight};
    if (in_flight > size) {
        depth.missing =
            fmt::format("the broker counts {} in flight, but only {} in all", in_flight, size);
    }
    return answer.give(std::move(depth));
}

}  // namespace

std::string queue_mbean(const AmqQueue& queue) {
    return fmt::format(
        "org.apache.activemq:type=Broker,brokerName={},destinationType=Queue,destinationName={}",
        queue.broker_name.empty() ? "*" : encoded_name(queue.broker_name),
        encoded_name(queue.name));
}

std::string jolokia_body(const AmqQueue& queue) {
    JsonWriter body;
    const std::string mbean = queue_mbean(queue);
    body.begin_object().member("type", "read").member("mbean", std::string_view{mbean});
    body.key("attribute").begin_array();
    for (const std::string_view attribute : attributes) body.value(attribute);
    body.end_array().end_object();
    return body.take();
}

std::string jolokia_path(const AmqQueue& queue) {
    std::string escaped;
    for (const char c : queue_mbean(queue)) {
        if (c == '!' || c == '/' || c == '"') escaped += '!';
        escaped += c;
    }
    std::string path = "read/";
    // A slash stays one: many servers refuse it in its encoded form.
    for (std::size_t begin = 0, end = 0; begin <= escaped.size(); begin = end + 1) {
        end = std::min(escaped.find('/', begin), escaped.size());
        if (begin > 0) path += '/';
        path += uri_encode(std::string_view{escaped}.substr(begin, end - begin));
    }
    path += '/';
    for (const std::string_view attribute : attributes) {
        if (!path.ends_with('/')) path += ',';
        path += attribute;
    }
    return path;
}

bool refuses_method(const reactor::HttpResponse& response) {
    if (response.status == 403 || response.status == 405) return true;
    const auto document = json::parse(response.body, attributes_limits);
    if (!document) return false;
    const json::Value root = document->root();
    return root.count_at("status") == 403 && root.text_at("error").contains("HTTP method");
}

Result<scaling::QueueDepth> read_jolokia_answer(const reactor::HttpResponse& response,
                                                const AmqQueue& queue) {
    clients::JsonAnswer answer{"ActiveMQ", "Jolokia", response, attributes_limits};
    const clients::JsonPart root = answer.root();
    const std::int64_t status = root.count("status");
    if (answer.wrong()) return *answer.wrong();
    const std::string_view reason = excerpt(root.text_at("error"), jolokia_text_bytes_max);
    if (status != 200) return refused(answer, status, reason, queue);
    const auto value = root.find("value");
    if (!value || !value->is_object()) return answer.unusable("no value");
    if (!queue.broker_name.empty()) return read_attributes(answer, *value, queue);

    // For each MBean that the pattern fits.
    const auto brokers = value->members();
    if (brokers.empty()) return refused(answer, 404, reason, queue);
    if (brokers.size() > 1) {
        return answer.error(ErrorKind::invalid, "SeveralBrokers",
                            fmt::format("the server has {} brokers with that queue; set "
                                        "broker_name",
                                        brokers.size()));
    }
    return read_attributes(answer, brokers.front().value, queue);
}

}  // namespace fas::adapters
