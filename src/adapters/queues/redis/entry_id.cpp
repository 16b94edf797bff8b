#include "adapters/queues/redis/entry_id.h"

#include <fmt/format.h>

#include <limits>
#include <system_error>

#include "base/parse_number.h"

namespace fas::adapters {

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

const clients::RespReply* find_field(const clients::RespReply& map, std::string_view name) {
    for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
        if (map.items[i].text == name) return &map.items[i + 1];
    }
    return nullptr;
}

}  // namespace fas::adapters
