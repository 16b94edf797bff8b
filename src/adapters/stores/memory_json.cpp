#include "adapters/stores/memory_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace fas::adapters {

namespace {

constexpr std::int64_t memory_version = 1;
constexpr std::size_t samples_max = 10'000;
constexpr std::int64_t remembered_max = 1'000'000'000'000;  // of messages and of tasks
constexpr std::int64_t time_max = 253'402'300'799'000'000;  // the end of the year 9999

using scaling::Samples;

// Within what is read again.
std::int64_t microseconds(TimePoint time) {
    return std::clamp<std::int64_t>(time.time_since_epoch().count(), 0, time_max);
}

std::int64_t counted(std::int64_t number) {
    return std::clamp<std::int64_t>(number, 0, remembered_max);
}

void write_samples(JsonWriter& json, std::string_view name, const Samples& samples) {
    if (samples.empty()) return;
    json.key(name).begin_array();
    for (const scaling::Sample& sample : samples) {
        json.begin_array();
        json.value(microseconds(sample.first)).value(microseconds(sample.last));
        json.value(counted(sample.tasks.value)).end_array();
    }
    json.end_array();
}

void write_future_records(JsonWriter& json, const scaling::FutureRecords& records) {
    if (records.empty()) return;
    json.key("future_records").begin_array();
    for (const scaling::FutureRecord& record : records) {
        json.begin_array().value(microseconds(record.recorded)).value(microseconds(record.seen));
        json.end_array();
    }
    json.end_array();
}

void write_depth(JsonWriter& json, const scaling::QueueDepth& depth) {
    json.begin_object();
    if (depth.visible) json.member("visible", counted(depth.visible->value));
    if (depth.in_flight) json.member("in_flight", counted(depth.in_flight->value));
    if (depth.stuck > Messages{0}) json.member("stuck", counted(depth.stuck.value));
    if (depth.oldest_age) json.member("oldest_age", depth.oldest_age->count());
    if (depth.publish_rate) json.member("publish_rate", *depth.publish_rate);
    if (depth.delivery_rate) json.member("delivery_rate", *depth.delivery_rate);
    if (depth.measured_at) json.member("measured_at", microseconds(*depth.measured_at));
    if (!depth.estimated_from.empty()) {
        json.member("estimated_from", std::string_view{depth.estimated_from});
    }
    json.end_object();
}

// Members of an object, of which the first thing wrong is kept.
class MemoryReader {
  public:
    explicit MemoryReader(json::Value object) : object_(object) {}

    bool ok() const { return wrong_.empty(); }
    const std::string& wrong() const { return wrong_; }

    std::optional<std::int64_t> count(std::string_view name, std::int64_t most = remembered_max) {
        const auto member = object_.find(name);
        if (!member) return std::nullopt;
        const auto number = member->as_int();
        if (!number || *number < 0 || *number > most) refuse(name);
        return number;
    }

    std::optional<double> number(std::string_view name) {
        const auto member = object_.find(name);
        if (!member) return std::nullopt;
        const auto number = member->as_double();
        if (!number || *number < 0) refuse(name);
        return number;
    }

    std::optional<TimePoint> time(std::string_view name) {
        const auto number = count(name, time_max);
        if (!number) return std::nullopt;
        return TimePoint{std::chrono::microseconds{*number}};
    }

    std::string text(std::string_view name) {
        const auto member = object_.find(name);
        if (!member) return {};
        const auto text = member->as_string();
        if (!text) refuse(name);
        return std::string{text.value_or("")};
    }

    // An empty one where there is none.
    std::optional<MemoryReader> object(std::string_view name) {
        const auto member = object_.find(name);
        if (!member) return std::nullopt;
        if (!member->is_object()) refuse(name);
        return MemoryReader{*member};
    }

    Samples samples(std::string_view name) {
        Samples samples;
        for (const auto& [first, last, tasks] :
             rows<3>(name, samples_max, {time_max, time_max, remembered_max})) {
            samples.push_back({at(first), at(last), Tasks{tasks}});
        }
        return samples;
    }

    scaling::FutureRecords future_records(std::string_view name) {
        scaling::FutureRecords records;
        for (const auto& [recorded, seen] : rows<2>(name, 2, {time_max, time_max})) {
            records.push_back({at(recorded), at(seen)});
        }
        return records;
    }

    void refuse(std::string_view name) {
        if (wrong_.empty()) wrong_ = fmt::format("its {} cannot be understood", name);
    }
    void take_over(const MemoryReader& inner) {
        if (wrong_.empty()) wrong_ = inner.wrong_;
    }

  private:
    static TimePoint at(std::int64_t time) { return TimePoint{std::chrono::microseconds{time}}; }

    // Of an array of at most so many arrays of numbers, each from 0 to its bound.
    template <std::size_t width>
    std::vector<std::array<std::int64_t, width>> rows(
        std::string_view name, std::size_t most, const std::array<std::int64_t, width>& bounds) {
        std::vector<std::array<std::int64_t, width>> rows;
        const auto member = object_.find(name);
        if (!member) return rows;
        const std::vector<json::Value> items = member->items();
        if (!member->is_array() || items.size() > most) refuse(name);
        for (const json::Value& item : items) {
            const std::vector<json::Value> parts = item.items();
            auto& row = rows.emplace_back();
            bool good = parts.size() == width;
            for (std::size_t i = 0; good && i < width; ++i) {
                const auto number = parts[i].as_int();
                good = number && *number >= 0 && *number <= bounds[i];
                row[i] = number.value_or(0);
            }
            if (!good) refuse(name);
        }
        return rows;
    }

    json::Value object_;
    std::string wrong_;
};

scaling::QueueDepth read_depth(MemoryReader& reader) {
    scaling::QueueDepth depth;
    if (const auto visible = reader.count("visible")) depth.visible = Messages{*visible};
    if (const auto in_flight = reader.count("in_flight")) depth.in_flight = Messages{*in_flight};
    depth.stuck = Messages{reader.count("stuck").value_or(0)};
    if (const auto age = reader.number("oldest_age")) depth.oldest_age = Seconds{*age};
    depth.publish_rate = reader.number("publish_rate");
    depth.delivery_rate = reader.number("delivery_rate");
    depth.measured_at = reader.time("measured_at");
    depth.estimated_from = reader.text("estimated_from");
    if (!depth.visible) reader.refuse("visible");
    return depth;
}

scaling::FallbackMemory read_readings(MemoryReader& reader) {
    scaling::FallbackMemory memory;
    memory.failures = reader.count("failures").value_or(0);
    if (auto depth = reader.object("last_good")) {
        memory.last_good = read_depth(*depth);
        memory.last_good_at = reader.time("last_good_at").value_or(TimePoint{});
        reader.take_over(*depth);
    }
    return memory;
}

scaling::BehaviorMemory read_behavior(MemoryReader& reader) {
    return {.begun = true,
            .highest = reader.samples("highest"),
            .lowest = reader.samples("lowest"),
            .added = reader.samples("added"),
            .removed = reader.samples("removed")};
}

Error unusable_memory(std::string why) {
    return {.kind = ErrorKind::invalid, .message = std::move(why), .code = "BadMemory"};
}

}  // namespace

void write_memory(JsonWriter& json, const scaling::Memory& memory) {
    json.begin_object();
    json.member("version", memory_version);
    if (memory.readings != scaling::FallbackMemory{}) {
        json.key("readings").begin_object();
        json.member("failures", memory.readings.failures);
        if (memory.readings.last_good) {
            json.key("last_good");
            write_depth(json, *memory.readings.last_good);
            json.member("last_good_at", microseconds(memory.readings.last_good_at));
        }
        json.end_object();
    }
    write_samples(json, "launched", memory.launched);
    write_samples(json, "evidence", memory.evidence);
    write_future_records(json, memory.future_records);
    if (memory.behavior.begun) {
        json.key("behavior").begin_object();
        write_samples(json, "highest", memory.behavior.highest);
        write_samples(json, "lowest", memory.behavior.lowest);
        write_samples(json, "added", memory.behavior.added);
        write_samples(json, "removed", memory.behavior.removed);
        json.end_object();
    }
    json.end_object();
}

Result<scaling::Memory> read_memory(const json::Value& value) {
    if (!value.is_object()) return unusable_memory("it is not a JSON object");
    MemoryReader root{value};
    const auto written_by = root.count("version");
    if (!written_by) return unusable_memory("it has no version");
    if (*written_by != memory_version) {
        return unusable_memory(
            fmt::format("it is of version {}, and known is {}", *written_by, memory_version));
    }
    scaling::Memory memory;
    memory.launched = root.samples("launched");
    memory.evidence = root.samples("evidence");
    memory.future_records = root.future_records("future_records");
    if (auto readings = root.object("readings")) {
        memory.readings = read_readings(*readings);
        root.take_over(*readings);
    }
    if (auto behavior = root.object("behavior")) {
        memory.behavior = read_behavior(*behavior);
        root.take_over(*behavior);
    }
    if (!root.ok()) return unusable_memory(root.wrong());
    return memory;
}

}  // namespace fas::adapters
