#include "adapters/queues/redis/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

#include "base/parse_number.h"
#include "clients/brokers/redis.h"

namespace fas::adapters {

namespace {

using clients::RespReply;
using Reply = RespReply::Kind;

// Entries that are counted one by one, where the server does not know the group's lag.
constexpr std::size_t counted_max = 1000;

// An entry's ID is the milliseconds of its time and a number.
struct EntryId {
    std::uint64_t ms = 0;
    std::uint64_t number = 0;
};

std::optional<EntryId> parse_id(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto ms = parse_number<std::uint64_t>(text.substr(0, dash));
    const auto number = parse_number<std::uint64_t>(text.substr(dash + 1));
    if (!ms || !number) return std::nullopt;
    return EntryId{*ms, *number};
}

// "(" before an ID would say the same to Redis 6.2 and later.
std::string next_id(EntryId id) {
    if (id.number == std::numeric_limits<std::uint64_t>::max()) {
        return fmt::format("{}-0", id.ms + 1);
    }
    return fmt::format("{}-{}", id.ms, id.number + 1);
}

// Nothing for IDs that are no times: whoever adds an entry may number it otherwise.
std::optional<Seconds> age_of(std::string_view id_text, TimePoint now) {
    constexpr std::uint64_t ms_of_2001 = 978'307'200'000;
    constexpr std::uint64_t ms_of_2100 = 4'102'444'800'000;
    const auto id = parse_id(id_text);
    if (!id || id->ms < ms_of_2001 || id->ms > ms_of_2100) return std::nullopt;
    const Seconds added{static_cast<double>(id->ms) / 1000.0};
    return std::max(Seconds{to_epoch_seconds(now)} - added, Seconds{0});
}

// Of a map as RESP2 has it, a list of names and values.
const RespReply* find(const RespReply& map, std::string_view name) {
    for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
        if (map.items[i].text == name) return &map.items[i + 1];
    }
    return nullptr;
}

Result<StreamCount> count_group(const RespReply& group, Messages length) {
    const RespReply* const delivered = find(group, "last-delivered-id");
    const auto pending = count_of(find(group, "pending"));
    const auto last = delivered == nullptr ? std::nullopt : parse_id(delivered->text);
    if (!pending || !last) return misunderstood("XINFO GROUPS");
    StreamCount counted;
    counted.depth.in_flight = *pending;
    counted.depth.visible = count_of(find(group, "lag"));
    counted.length = length;
    // Redis 7 does not know the lag after a deletion among what waits, and before 7 never does.
    if (length == Messages{0}) counted.depth.visible = Messages{0};
    if (counted.depth.visible != Messages{0}) counted.first_waiting = next_id(*last);
    return counted;
}

}  // namespace

std::optional<Messages> count_of(const RespReply* reply) {
    if (reply == nullptr || reply->kind != Reply::integer || reply->integer < 0)
        return std::nullopt;
    return Messages{reply->integer};
}

Error misunderstood(std::string_view command) {
    return make_error(ErrorKind::invalid, "MalformedResponse",
                      fmt::format("the answer to {} is not understood", command), "Redis");
}

Result<StreamCount> count_stream(const RespReply& groups, const RespReply& length,
                                 std::string_view wanted_group) {
    StreamCount counted;
    counted.depth.in_flight = Messages{0};
    if (groups.kind == Reply::error && groups.text.starts_with("ERR no such key")) {
        counted.depth.visible = Messages{0};
        return counted;
    }
    for (const RespReply* const reply : {&groups, &length}) {
        if (reply->kind == Reply::error) return clients::redis_error(*reply);
    }
    const auto all = count_of(&length);
    if (groups.kind != Reply::list || !all) return misunderstood("XINFO GROUPS");
    for (const RespReply& group : groups.items) {
        const RespReply* const name = find(group, "name");
        if (name == nullptr) return misunderstood("XINFO GROUPS");
        if (name->text == wanted_group) return count_group(group, *all);
    }
    // Workers make the group when they first come, and then have all of it to read.
    counted.depth.visible = *all;
    if (*all > Messages{0}) counted.first_waiting = "-";
    counted.length = *all;
    return counted;
}

std::string waiting_entries(const std::string& key, const StreamCount& counted) {
    const std::size_t wanted = counted.depth.visible ? 1 : counted_max;
    return clients::encode_command(
        {"XRANGE", key, counted.first_waiting, "+", "COUNT", std::to_string(wanted)});
}

Result<scaling::QueueDepth> complete(StreamCount counted,
                                     const Result<std::vector<RespReply>>& entries, TimePoint now) {
    scaling::QueueDepth& depth = counted.depth;
    const bool known = depth.visible.has_value();
    const bool readable = entries && entries->front().kind == Reply::list;
    if (!readable && known) return depth;  // with its age not known
    if (!entries && entries.error().code == "ResponseTooLarge") {
        depth.visible = counted.length;
        depth.estimated_from =
            "the stream's length: the server does not know the group's lag, and the entries are "
            "too large to be counted";
        return depth;
    }
    if (!entries) return entries.error();
    if (!readable) return clients::redis_error(entries->front());

    const std::vector<RespReply>& found = entries->front().items;
    if (!known) {
        depth.visible = Messages{static_cast<std::int64_t>(found.size())};
        if (found.size() == counted_max) {
            depth.missing = fmt::format(
                "the server does not know the group's lag: of the stream's {} entries, at least {} "
                "wait",
                counted.length.value, counted_max);
        }
    }
    if (!found.empty() && !found.front().items.empty()) {
        depth.oldest_age = age_of(found.front().items.front().text, now);
    }
    return depth;
}

}  // namespace fas::adapters
