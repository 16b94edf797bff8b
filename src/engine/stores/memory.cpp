#include "engine/stores/memory.h"

#include "engine/stores/claim.h"
#include "engine/stores/types.h"

namespace fas::engine {

namespace {

// The process's, so that it outlives a configuration that is read anew.
std::unique_ptr<StateStore> make(const StoreDescription& description, clients::AwsAccount&) {
    static ActionMemory memory;
    return std::make_unique<MemoryStore>(memory, description.target);
}

}  // namespace

const StoreType stores::memory = {
    .name = "memory", .options = {}, .problem = nullptr, .make = make};

// Of a state that was read beside the queue, the scale-in was not told yet, and so is not from
// memory: the check looks at the queue again.
reactor::Task<Recollection> MemoryStore::read(scaling::Action action, reactor::Scope) {
    const bool both = action == scaling::Action::scale_in;
    Recollection past{.history = remembered_.history, .errors = {}};
    past.from_memory = seen_ == remembered_.claims && (!both || scale_in_told_);
    if (!both) past.history.scale_in = scaling::Unknown{"it was not read"};
    if (seen_ != remembered_.claims) scale_in_told_ = false;
    scale_in_told_ = scale_in_told_ || both;
    seen_ = remembered_.claims;
    co_return past;
}

reactor::Task<Result<void>> MemoryStore::record(scaling::Action action, scaling::ScalingAction what,
                                                reactor::Scope) {
    const bool unchanged = !seen_ || *seen_ == remembered_.claims;
    seen_.reset();
    if (!unchanged) co_return lost_claim("");
    (action == scaling::Action::scale_out ? remembered_.history.scale_out
                                          : remembered_.history.scale_in) = what;
    seen_ = ++remembered_.claims;
    co_return Result<void>{};
}

}  // namespace fas::engine
