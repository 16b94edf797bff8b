#include "engine/sources/jolokia.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/excerpt.h"
#include "base/json_writer.h"
#include "engine/sources/broker_web.h"
#include "json/reader.h"

namespace fas::engine {

namespace {

constexpr json::Limits answer_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};
constexpr std::size_t reason_bytes_max = 200;
constexpr std::string_view attributes[]{"QueueSize", "InFlightCount", "Name"};

Error failure(ErrorKind kind, std::string code, std::string message,
              const reactor::HttpResponse& response) {
    return {.kind = kind,
            .message = std::move(message),
            .service = "ActiveMQ",
            .code = std::move(code),
            .http_status = response.status};
}

Error unusable(std::string_view why, const reactor::HttpResponse& response) {
    return failure(ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("the answer is not Jolokia's: {}; the address must be that of the "
                               "web console, or Jolokia's own",
                               why),
                   response);
}

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

std::optional<std::int64_t> integer(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return member ? member->as_int() : std::nullopt;
}

std::string_view text(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return member ? member->as_string().value_or("") : "";
}

Error refused(std::int64_t status, const json::Value& root, const AmqQueue& queue,
              const reactor::HttpResponse& response) {
    const std::string code = fmt::format("Jolokia{}", status);
    if (status == 404) {
        return failure(ErrorKind::not_found, code,
                       fmt::format("the broker{} has no such queue; ActiveMQ makes one when it is "
                                   "first used",
                                   queue.broker_name.empty() ? "" : " " + queue.broker_name),
                       response);
    }
    const ErrorKind kind = status == 401 || status == 403 ? ErrorKind::denied
                           : status >= 500                ? ErrorKind::retryable
                                                          : ErrorKind::invalid;
    std::string_view reason = excerpt(text(root, "error"), reason_bytes_max);
    if (reason.empty()) reason = "it gives no reason";
    return failure(kind, code, fmt::format("Jolokia refuses with status {}: {}", status, reason),
                   response);
}

Result<scaling::QueueDepth> read_attributes(const json::Value& value, const AmqQueue& queue,
                                            const reactor::HttpResponse& response) {
    const auto size = integer(value, "QueueSize");
    const auto in_flight = integer(value, "InFlightCount");
    if (!size || *size < 0) return unusable("no usable QueueSize", response);
    if (!in_flight || *in_flight < 0) return unusable("no usable InFlightCount", response);
    const std::string_view name = text(value, "Name");
    if (name != queue.name) {
        return failure(ErrorKind::invalid, "OtherQueue",
                       fmt::format("where the broker would have it, it has the queue {}: ActiveMQ "
                                   "has one MBean for both names",
                                   excerpt(name, reason_bytes_max)),
                       response);
    }
    scaling::QueueDepth depth;
    depth.visible = Messages{std::max<std::int64_t>(0, *size - *in_flight)};
    depth.in_flight = Messages{*in_flight};
    if (*in_flight > *size) {
        depth.missing =
            fmt::format("the broker counts {} in flight, but only {} in all", *in_flight, *size);
    }
    return depth;
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
        path += percent_encoded(std::string_view{escaped}.substr(begin, end - begin));
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
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return false;
    const json::Value root = document->root();
    return integer(root, "status") == 403 &&
           text(root, "error").find("HTTP method") != std::string_view::npos;
}

Result<scaling::QueueDepth> read_jolokia_answer(const reactor::HttpResponse& response,
                                                const AmqQueue& queue) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(document.error().message, response);
    const json::Value root = document->root();
    const auto status = integer(root, "status");
    if (!status) return unusable("it has no status", response);
    if (*status != 200) return refused(*status, root, queue, response);
    const auto value = root.find("value");
    if (!value || !value->is_object()) return unusable("it has no value", response);
    if (!queue.broker_name.empty()) return read_attributes(*value, queue, response);

    // For each MBean that the pattern fits.
    const auto brokers = value->members();
    if (brokers.empty()) return refused(404, root, queue, response);
    if (brokers.size() > 1) {
        return failure(ErrorKind::invalid, "SeveralBrokers",
                       fmt::format("the server has {} brokers with that queue; set broker_name",
                                   brokers.size()),
                       response);
    }
    return read_attributes(brokers.front().value, queue, response);
}

}  // namespace fas::engine
