// One line of `decide`'s input: what a check saw, and what the target remembered.
#pragma once

#include <span>
#include <string_view>

#include "app/settings.h"
#include "base/result.h"
#include "scaling/judge.h"

namespace fas::app {

struct DecideQuestion {
    scaling::Situation situation;  // whole: nothing is left to be asked for
    scaling::Memory memory;
    bool carried_out = true;  // whether the decision will be
};

// `queues` are those that the target is configured with. Errors: invalid, naming the member and
// what it must be.
Result<DecideQuestion> read_decide_question(std::string_view line,
                                            std::span<const QueueSettings> queues);

}  // namespace fas::app
