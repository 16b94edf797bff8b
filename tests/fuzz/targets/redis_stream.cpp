// What Redis says of a stream's consumer group: the answers to XINFO GROUPS and XLEN, and to the
// question that follows from them, one after the other.
#include "adapters/queues/redis/stream.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::redis_stream {

namespace {

constexpr std::size_t bytes_max = std::size_t{64} << 10U;
const TimePoint now = *from_epoch_seconds(1'795'435'200);

bool is_entry_id(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

std::optional<clients::RespReply> next(clients::RespReader& reader) {
    auto reply = reader.next();
    return reply ? std::move(*reply) : std::nullopt;
}

void require_sound_error(const Error& error) {
    require_sound(error);
    require(error.service == "Redis", "an error says whose it is");
}

}  // namespace

void check(std::string_view input) {
    clients::RespReader reader(bytes_max);
    reader.add(input);
    const auto groups = next(reader);
    const auto length = groups ? next(reader) : std::nullopt;
    if (!length) return;
    const auto counted = adapters::count_stream(*groups, *length, "workers");
    if (!counted) return require_sound_error(counted.error());
    require(counted->depth.in_flight >= Messages{0}, "what is in flight is known");
    require(counted->length >= Messages{0}, "a stream has no fewer than 0 entries");
    require(counted->depth.visible || !counted->first_waiting.empty(),
            "what is not known is asked for");
    if (counted->first_waiting.empty()) return require_sound(counted->depth);
    require(is_entry_id(counted->first_waiting), "a question holds nothing but an ID");
    require(counted->length > Messages{0}, "of an empty stream nothing is asked for");

    if (const auto entries = next(reader)) {
        const auto depth = adapters::complete(*counted, std::vector{*entries}, now);
        if (!depth) return require_sound_error(depth.error());
        require_sound(*depth);
        require(depth->visible.has_value(), "how many wait is known");
        require(depth->visible >= Messages{0}, "no fewer than 0 wait");
        require(depth->in_flight <= counted->length, "no more are in flight than there are");
    }
}

}  // namespace fas::fuzz::redis_stream
