// What the targets of a process remember from check to check, kept as one text of a store, so that
// neither a restart nor a cold start forgets it. Beside the claims and never instead of them: what
// is lost of it makes the next decisions more careful, not wrong. One thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "engine/versioned_store.h"
#include "scaling/judge.h"

namespace fas::engine {

class KeptMemory {
  public:
    static constexpr std::string_view text_name = "memory.json";

    // The clock must outlive it.
    KeptMemory(std::unique_ptr<VersionedStore> store, const Clock& clock)
        : store_(std::move(store)), clock_(clock) {}

    // Reads what was kept, the first time only. What could not be read, or not be understood (it is
    // somebody else's, or a newer version's), is an error to be said, and forgotten: a memory is
    // nothing to wait for.
    reactor::Task<std::optional<Error>> recall(reactor::Scope scope);

    // What was kept of a target, or noted last; null where nothing was.
    const scaling::Memory* of(std::string_view target) const;

    // What a target remembers after a check. `changed`: it has just changed its service.
    void note(const std::string& target, const scaling::Memory& memory, bool changed);

    // Writes what was noted, if it is time to: soon after a change, every few minutes otherwise;
    // and in any case where the process `ends`. Of a text that another process has written
    // meanwhile the other's targets stay.
    reactor::Task<std::optional<Error>> keep(bool ends, reactor::Scope scope);

  private:
    using Memories = std::map<std::string, scaling::Memory, std::less<>>;  // by the target's name

    bool is_due(bool ends) const;
    std::optional<Error> take(const Versioned& present);
    std::string text() const;

    std::unique_ptr<VersionedStore> store_;
    const Clock& clock_;
    bool recalled_ = false;
    Version version_;
    Memories kept_;   // as they were read
    Memories noted_;  // since then
    std::string written_;
    TimePoint written_at_;
    bool changed_ = false;
};

}  // namespace fas::engine
