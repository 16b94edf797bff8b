#include "adapters/queues/redis/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "adapters/queues/redis/entry_id.h"
#include "clients/brokers/redis.h"

namespace fas::adapters {

namespace {

using clients::RespReply;
using Reply = RespReply::Kind;

// Nothing for IDs that are no times: whoever adds an entry may number it otherwise.
std::optional<Seconds> age_of(std::string_view id_text, TimePoint now) {
    constexpr std::uint64_t ms_of_2001 = 978'307'200'000;
    constexpr std::uint64_t ms_of_2100 = 4'102'444'800'000;
    const auto id = parse_id(id_text);
    if (!id || id->ms < ms_of_2001 || id->ms > ms_of_2100) return std::nullopt;
    const Seconds added{static_cast<double>(id->ms) / 1000.0};
    return std::max(Seconds{to_epoch_seconds(now)} - added, Seconds{0});
}

Result<StreamCount> count_group(const RespReply& group, Messages length) {
    const RespReply* const delivered = find_field(group, "last-delivered-id");
    const auto pending = count_of(find_field(group, "pending"));
    const auto last = delivered == nullptr ? std::nullopt : parse_id(delivered->text);
    if (!pending || !last) return misunderstood("XINFO GROUPS");
    StreamCount counted;
    counted.length = length;
    // Of what was trimmed or deleted the server keeps the lag, and whoever had it keeps it pending.
    counted.depth.in_flight = std::min(*pending, length);
    counted.depth.visible = count_of(find_field(group, "lag"));
    if (counted.depth.visible > length) counted.depth.visible = length;
    if (length == Messages{0}) {
        counted.depth.visible = Messages{0};
    } else {
        counted.first_waiting = next_id(*last);
    }
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
        const RespReply* const name = find_field(group, "name");
        if (name == nullptr) return misunderstood("XINFO GROUPS");
        if (name->text == wanted_group) return count_group(group, *all);
    }
    // Workers make the group when they first come, and then have all of it to read.
    counted.depth.visible = *all;
    if (*all > Messages{0}) counted.first_waiting = std::string(1, '-');
    counted.length = *all;
    counted.asked = 1;
    return counted;
}

std::string waiting_entries(const std::string& key, const StreamCount& counted) {
    return clients::encode_command(
        {"XRANGE", key, counted.first_waiting, "+", "COUNT", std::to_string(counted.asked)});
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
    const Messages there{static_cast<std::int64_t>(found.size())};
    if (found.size() < counted.asked || !known) {
        depth.visible = there;
    } else {
        depth.visible = std::max(*depth.visible, there);
    }
    if (found.size() == counted.asked && !known) {
        depth.missing = fmt::format(
            "the server does not know the group's lag: of the stream's {} entries, at least {} "
            "wait",
            counted.length.value, counted.asked);
    }
    if (!found.empty() && !found.front().items.empty()) {
        depth.oldest_age = age_of(found.front().items.front().text, now);
    }
    return depth;
}

}  // namespace fas::adapters
