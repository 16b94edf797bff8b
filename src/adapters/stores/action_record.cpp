#include "adapters/stores/action_record.h"

#include <fmt/format.h>

#include <random>

#include "base/json_writer.h"
#include "json/reader.h"

namespace fas::adapters {

namespace {

constexpr json::Limits record_limits{.bytes_max = std::size_t{16} << 10U, .depth_max = 8};

std::optional<TimePoint> read_time(const json::Value& timestamp) {
    if (const auto seconds = timestamp.as_double()) return from_epoch_seconds(*seconds);
    const auto text = timestamp.as_string();
    return text ? parse_iso8601(*text) : std::nullopt;
}

// Nothing where it is missing or no count.
std::optional<std::int64_t> read_count(const json::Value& root, std::string_view name) {
    const auto member = root.find(name);
    const auto count = member ? member->as_int() : std::nullopt;
    return count && *count >= 0 ? count : std::nullopt;
}

Error unreadable(std::string why) {
    return {.kind = ErrorKind::invalid,
            .message = "it is not a record of a scaling action: " + std::move(why),
            .code = "CorruptState"};
}

}  // namespace

std::string new_writer() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::string write_action_record(const ActionRecord& record, scaling::Action direction,
                                std::string_view cluster, std::string_view service) {
    JsonWriter json;
    json.begin_object();
    json.member("timestamp", to_epoch_seconds(record.action.at));
    json.member("cluster", cluster);
    json.member("service", service);
    json.member("action_type", direction == scaling::Action::scale_out ? "up" : "down");
    if (record.action.desired) {
        json.member("count", record.action.desired->value);
        json.member("desired", record.action.desired->value);
    }
    if (record.action.backlog) json.member("messages", record.action.backlog->value);
    json.member("writer", std::string_view{record.writer});
    json.end_object();
    return json.take();
}

Result<ActionRecord> read_action_record(std::string_view text) {
    const auto document = json::parse(text, record_limits);
    if (!document) return unreadable(document.error().message);
    const json::Value root = document->root();
    const auto timestamp = root.find("timestamp");
    if (!timestamp) return unreadable("it has no timestamp");
    const auto at = read_time(*timestamp);
    if (!at) return unreadable("its timestamp is neither epoch seconds nor ISO 8601");

    ActionRecord record{.action = {.at = *at, .backlog = {}, .desired = {}}, .writer = {}};
    if (const auto count = read_count(root, "messages")) record.action.backlog = Messages{*count};
    if (const auto count = read_count(root, "desired")) record.action.desired = Tasks{*count};
    if (const auto writer = root.find("writer")) record.writer = writer->as_string().value_or("");
    return record;
}

}  // namespace fas::adapters
