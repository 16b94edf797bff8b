#include "app/sqs_event.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "json/reader.h"

namespace fas::app {

namespace {

constexpr std::size_t event_bytes_max = std::size_t{8} << 20U;

std::optional<std::string> text(const json::Value& record, std::string_view name) {
    const auto member = record.find(name);
    const auto found = member ? member->as_string() : std::nullopt;
    return found ? std::optional{std::string{*found}} : std::nullopt;
}

}  // namespace

std::optional<std::vector<SqsMessage>> read_sqs_event(const std::string& event) {
    const auto document = json::parse(event, {.bytes_max = event_bytes_max});
    if (!document) return std::nullopt;
    const auto records = document->root().find("Records");
    if (!records) return std::nullopt;
    std::vector<SqsMessage> messages;
    for (const json::Value& record : records->items()) {
        auto id = text(record, "messageId");
        auto body = text(record, "body");
        if (text(record, "eventSource") != "aws:sqs" || !id || !body) return std::nullopt;
        messages.push_back({std::move(*id), std::move(*body)});
    }
    if (messages.empty()) return std::nullopt;
    return messages;
}

std::vector<SameMessages> group_by_body(std::vector<SqsMessage> messages) {
    std::vector<SameMessages> groups;
    for (SqsMessage& message : messages) {
        auto group = std::ranges::find(groups, message.body, &SameMessages::body);
        if (group == groups.end()) {
            group = groups.insert(groups.end(), {std::move(message.body), {}});
        }
        group->ids.push_back(std::move(message.id));
    }
    return groups;
}

std::string batch_result(const std::vector<std::string>& failed_ids) {
    JsonWriter json;
    json.begin_object();
    json.key("batchItemFailures").begin_array();
    for (const std::string& id : failed_ids) {
        json.begin_object();
        json.member("itemIdentifier", std::string_view{id});
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return json.take();
}

}  // namespace fas::app
