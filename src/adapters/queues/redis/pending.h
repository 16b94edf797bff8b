// Which of a consumer group's pending entries the stream still has. One that was deleted or trimmed
// before it was acknowledged stays pending, until somebody claims it. Pure.
//
// https://redis.io/docs/latest/commands/xpending/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/count.h"
#include "clients/brokers/resp.h"

namespace fas::adapters {

struct PendingCount {
    Messages there;                     // those that the stream has, or that nothing is known of
    std::vector<std::string> doubtful;  // IDs of the others: only a look at each tells
};

// The commands, encoded, whose answers pending_count() takes.
std::vector<std::string> pending_questions(const std::string& key, const std::string& group);

// `total`: how many are pending by XINFO GROUPS, of which XPENDING tells the first 1000. What the
// user may not ask counts as there.
PendingCount pending_count(const clients::RespReply& pending, const clients::RespReply& stream,
                           Messages total);

// The command, encoded, that shows an entry if it is there.
std::string look_at(const std::string& key, const std::string& id);

// Of its answer: whether the entry counts.
bool is_there(const clients::RespReply& answer);

}  // namespace fas::adapters
