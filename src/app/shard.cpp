#include "app/shard.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/parse_number.h"
#include "settings/given.h"
#include "sigv4/digest.h"

namespace fas::app {

namespace {

constexpr std::uint64_t shards_max = 10'000;

// std::hash may change with the library. Names that differ in a digit must be spread evenly too.
std::uint64_t stable_hash(std::string_view text) {
    const sigv4::Digest digest = sigv4::sha256(text);
    std::uint64_t hash = 0;
    for (const unsigned char byte : std::span{digest}.first<8>()) {
        hash = hash << 8U | byte;
    }
    return hash;
}

}  // namespace

bool Shard::has(const TargetSettings& settings) const {
    return count == 1 || stable_hash(queue_name(settings.queues.front())) % count == number - 1;
}

Result<Shard> parse_shard(std::string_view text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto number = parse_number<std::uint64_t>(text.substr(0, slash));
    const auto count = parse_number<std::uint64_t>(text.substr(std::min(slash + 1, text.size())));
    if (number && count && *number >= 1 && *number <= *count && *count <= shards_max) {
        return Shard{*number, *count};
    }
    return Error{.kind = ErrorKind::invalid,
                 .message = fmt::format("the shard {} is not accepted: it is NUMBER/COUNT, from "
                                        "1/1 to {}/{}, like 3/16",
                                        settings::shown_text(text), shards_max, shards_max),
                 .code = "BadShard"};
}

}  // namespace fas::app
