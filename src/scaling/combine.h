// Several queues of one target, read as one.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/time.h"
#include "scaling/observation.h"

namespace fas::scaling {

enum class Combine {
    sum,  // tasks serve all of the queues, each task one at a time
    max,  // each task serves all of them at once: the fullest decides
};

struct QueuePart {
    std::optional<QueueDepth> depth;  // absent: it could not be read
    std::string why;                  // why it is absent, for a person
    std::string name;                 // of the queue, for a person
    double weight = 1.0;              // what one of its messages counts for; above 0

    bool known() const { return depth && depth->visible; }
};

// Visible and in flight are combined each for itself, so that the outcome is never less than what a
// policy would make of one part. What one part does not tell (messages in flight, rates) is
// unknown of all. A part that is missing makes the rest a lower bound; when all are, the
// depth is unknown.
QueueDepth combine(std::span<const QueuePart> parts, Combine how);

// A depth that was measured longer than `age_max` before now is unknown, and says why; so is one
// that was measured in the future, beyond what clocks differ. Absent: whatever its age.
QueueDepth fresh_enough(QueueDepth depth, std::optional<Seconds> age_max, TimePoint now);

}  // namespace fas::scaling
