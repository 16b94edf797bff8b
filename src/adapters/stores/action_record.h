// The text form of a recorded scaling action: the original Fast Autoscaler's, so that its files are
// read and it can read ours, with members of our own added.
//
//   {"timestamp": 1682341234.567, "cluster": "c", "service": "s", "action_type": "up", "count": 5,
//    "desired": 5, "messages": 420, "writer": "9f0c..."}
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "scaling/decision.h"
#include "scaling/history.h"

namespace fas::adapters {

// What the two texts of a target are called.
inline constexpr std::string_view scale_out_name = "up-last-action.json";
inline constexpr std::string_view scale_in_name = "down-last-action.json";

struct ActionRecord {
    scaling::ScalingAction action;
    std::string writer;  // tells one writer's record from another's; older files have none
};

// Random: tells one record from all others, one's own earlier ones included.
std::string new_writer();

std::string write_action_record(const ActionRecord& record, scaling::Action direction,
                                std::string_view cluster, std::string_view service);

// `timestamp` is epoch seconds or, in older files, ISO 8601. Errors: invalid, for anything that
// holds no time.
Result<ActionRecord> read_action_record(std::string_view text);

}  // namespace fas::adapters
