// The last actions in this process's memory alone: for trials, and where there is nothing to write
// to. A restart forgets them, and with them the cooldowns; another process knows nothing of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/store_type.h"

namespace fas::engine {

// What a process remembers, of each target by its group and name. One thread.
struct ActionMemory {
    struct Remembered {
        scaling::History history;
        std::uint64_t claims = 0;
    };
    std::map<std::pair<std::string, std::string>, Remembered> targets;
};

class MemoryStore final : public StateStore {
  public:
    // The memory must outlive it.
    MemoryStore(ActionMemory& memory, const TargetIdentity& target)
        : remembered_(memory.targets[{target.group, target.name}]) {}

    reactor::Task<Recollection> read(scaling::Action action, reactor::Scope scope) override;

    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope scope) override;

  private:
    ActionMemory::Remembered& remembered_;  // a map's elements stay where they are
    std::optional<std::uint64_t> seen_;     // claims, when the state was last looked at
    bool scale_in_told_ = false;
};

}  // namespace fas::engine
