#include "adapters/queues/redis/pending.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "adapters/queues/redis/entry_id.h"

namespace fas::adapters {

namespace {

using clients::RespReply;
using Reply = RespReply::Kind;

constexpr std::size_t listed_max = 1000;

// What XINFO STREAM says of what was taken out. Trimming takes the first, XDEL any.
struct TakenOut {
    std::optional<EntryId> first;    // that is there
    std::optional<EntryId> deleted;  // the greatest that XDEL took; unknown before Redis 7
};

TakenOut taken_out(const RespReply& stream) {
    TakenOut taken;
    const RespReply* const first = find_field(stream, "first-entry");
    const RespReply* const deleted = find_field(stream, "max-deleted-entry-id");
    if (first != nullptr && !first->items.empty()) taken.first = parse_id(first->items[0].text);
    if (deleted != nullptr) taken.deleted = parse_id(deleted->text);
    return taken;
}

}  // namespace

std::vector<std::string> pending_questions(const std::string& key, const std::string& group) {
    return {clients::encode_command({"XPENDING", key, group, "-", "+", std::to_string(listed_max)}),
            clients::encode_command({"XINFO", "STREAM", key})};
}

PendingCount pending_count(const RespReply& pending, const RespReply& stream, Messages total) {
    PendingCount count;
    count.there = total;
    if (pending.kind != Reply::list) return count;
    const TakenOut taken = taken_out(stream);
    const bool all = pending.items.size() < listed_max;
    const Messages listed{static_cast<std::int64_t>(pending.items.size())};
    count.there = all ? Messages{0} : std::max(total - listed, Messages{0});
    for (const RespReply& entry : pending.items) {
        const auto id = entry.items.empty() ? std::nullopt : parse_id(entry.items[0].text);
        const bool after_the_deleted = id && taken.deleted && *id > *taken.deleted;
        if (id && taken.first && *id < *taken.first) continue;
        if (!id || (taken.first && after_the_deleted)) {
            count.there += Messages{1};
        } else {
            count.doubtful.push_back(entry.items[0].text);
        }
    }
    return count;
}

std::string look_at(const std::string& key, const std::string& id) {
    return clients::encode_command({"XRANGE", key, id, id});
}

bool is_there(const RespReply& answer) {
    return answer.kind != Reply::list || !answer.items.empty();
}

}  // namespace fas::adapters
