// Settings while they are being read: the values so far, and where each stood. A target's begin as
// a copy of its group's, so a copy is cheap: all copies share kinds' options that are not changed,
// and add to one list of problems.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "settings/reader.h"
#include "settings/settings.h"

namespace fas::settings {

// Of one of several queues.
struct QueueNotes {
    Place where;
    Notes notes;
    std::array<Notes, 1> kinds;
};

struct Draft {
    ProcessSettings process;
    TargetSettings target;

    Notes process_notes;
    Notes target_notes;
    std::array<Notes, 3> kinds;              // of the target's queue, its service and its state
    std::vector<QueueNotes> several_queues;  // of each in target.queues; empty: there is one queue
    std::string subject;                     // the place of the target itself; empty: the top level
    Context context;  // its environment is null until it has been read, and afterwards

    Section process_section();
    Section target_section();
    Section queue_section(std::size_t index);  // of several

    // Of the target's settings, by key.
    bool given(std::string_view key);
    bool wrong(std::string_view key);         // some value was not accepted
    std::string place(std::string_view key);  // "default" for what was not given
    void forget(std::string_view key);        // as if it had not been given
    void refuse(Problem problem) const { context.problems->push_back(std::move(problem)); }
    // A problem with that setting, which then counts as wrong.
    void refuse(std::string_view key, Problem problem);

    Part queue() { return parts_of(target_section())[0]; }
    Part service() { return parts_of(target_section())[1]; }
};

const Row& target_row(std::string_view key);

// What is discovered brings what names its queue.
inline bool names_the_queue(const Row& row) {
    return row.need == Need::required && row.tag == Tag::yes;
}

// A nearer place's own way to say the messages per task takes the place of the other way, where
// `inherited` says that this is from further away.
template <class Says, class Inherited>
void forget_other_way(const Says& says, const Inherited& inherited, Draft& draft) {
    const auto forget = [&](std::string_view key) {
        if (inherited(key)) draft.forget(key);
    };
    if (says("target_messages_per_task")) {
        forget("target_latency");
        forget("mean_processing_time");
    }
    if (says("target_latency") || says("mean_processing_time")) forget("target_messages_per_task");
}

}  // namespace fas::settings
