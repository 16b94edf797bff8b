// What a Redis server's answers say of a consumer group's backlog. Pure.
//
// https://redis.io/docs/latest/commands/xinfo-groups/
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "clients/brokers/resp.h"
#include "scaling/observation.h"

namespace fas::adapters {

// A count, and what is still to be asked for. The server's own lag is not believed before the
// entries are seen: it counts those that were trimmed before the group came to them, some of them
// for ever (https://github.com/redis/redis/issues/13957).
struct StreamCount {
    scaling::QueueDepth depth;
    std::string first_waiting;  // the least ID that an entry which waits can have; empty: there is
                                // none to look for
    Messages length;            // of the stream
    std::size_t asked = 1000;   // how many of the entries that wait, the first ones
};

// Of the answers to XINFO GROUPS and XLEN. A stream that is not there is empty, and of one without
// the group all entries wait. Errors: redis_error() of an answer; invalid "MalformedResponse".
Result<StreamCount> count_stream(const clients::RespReply& groups, const clients::RespReply& length,
                                 std::string_view wanted_group);

// The command, encoded, that tells the age of the entry that has waited longest, and how many wait
// if that is fewer than are asked for.
std::string waiting_entries(const std::string& key, const StreamCount& counted);

// With the answer to that. Errors: as above, and those of asking, where the lag is not known.
Result<scaling::QueueDepth> complete(StreamCount counted,
                                     const Result<std::vector<clients::RespReply>>& entries,
                                     TimePoint now);

// An answer's count; nothing where it is none.
std::optional<Messages> count_of(const clients::RespReply* reply);

// Invalid "MalformedResponse".
Error misunderstood(std::string_view command);

}  // namespace fas::adapters
