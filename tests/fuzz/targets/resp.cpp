// What a Redis server, or whatever listens at its port, sends.
#include "clients/brokers/resp.h"

#include <algorithm>
#include <vector>

#include "clients/brokers/redis.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::resp {

namespace {

constexpr std::size_t bytes_max = 4096;

struct Outcome {
    bool failed = false;
    std::vector<clients::RespReply> replies;
};

Outcome read(std::string_view input, std::size_t piece) {
    clients::RespReader reader(bytes_max);
    Outcome outcome;
    for (std::size_t at = 0; at < input.size(); at += piece) {
        reader.add(input.substr(at, piece));
        for (;;) {
            auto reply = reader.next();
            if (!reply) {
                require_sound(reply.error());
                outcome.failed = true;
                return outcome;
            }
            if (!*reply) break;
            outcome.replies.push_back(std::move(**reply));
        }
    }
    return outcome;
}

std::size_t bytes_of(const clients::RespReply& reply) {
    std::size_t bytes = reply.text.size();
    for (const clients::RespReply& item : reply.items) bytes += bytes_of(item);
    return bytes;
}

}  // namespace

void check(std::string_view input) {
    const Outcome whole = read(input, std::max<std::size_t>(input.size(), 1));
    const Outcome cut = read(input, 1);
    require(whole.failed == cut.failed, "cuts do not matter");
    require(whole.replies == cut.replies, "cuts leave the replies");
    for (const clients::RespReply& reply : whole.replies) {
        require(bytes_of(reply) <= bytes_max, "the limit holds");
        const bool text = reply.kind == clients::RespReply::Kind::text ||
                          reply.kind == clients::RespReply::Kind::status ||
                          reply.kind == clients::RespReply::Kind::error;
        require(text || reply.text.empty(), "only what has a text has one");
        if (reply.kind == clients::RespReply::Kind::error) {
            require_sound(clients::redis_error(reply));
        }
    }
}

}  // namespace fas::fuzz::resp
