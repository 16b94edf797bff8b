// The tables of rows (base/row.h) of what a person configures. A kind's own rows are in the kind's
// file (adapters/queues/ and its like).
#pragma once

#include "base/row.h"
#include "scaling/rules.h"

namespace fas::settings {

extern const Table process_table;         // over ProcessSettings
extern const Table target_table;          // over TargetSettings: of each target
extern const Table queue_table;           // over QueueSettings: of each of several queues
extern const Table step_table;            // over scaling::StepParameters
extern const Table behavior_table;        // over scaling::Behavior
extern const Table schedule_entry_table;  // over scaling::ScheduleEntry

inline constexpr Integer task_count{0, scaling::tasks_max};
// Of periods and cooldowns, a week.
inline constexpr double duration_max_s = 604'800;
inline constexpr double messages_max = 1e12;

}  // namespace fas::settings
