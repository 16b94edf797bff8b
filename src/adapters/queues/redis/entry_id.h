// The IDs of a stream's entries, and the maps in which a Redis server tells of them. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clients/brokers/resp.h"

namespace fas::adapters {

// The milliseconds of its time and a number.
struct EntryId {
    std::uint64_t ms = 0;
    std::uint64_t number = 0;

    auto operator<=>(const EntryId&) const = default;
};

std::optional<EntryId> parse_id(std::string_view text);

// The least ID after it.
std::string next_id(EntryId id);

// Of a map as RESP2 has it, a list of names and values; null where there is none of that name.
const clients::RespReply* find_field(const clients::RespReply& map, std::string_view name);

}  // namespace fas::adapters
