// What the targets of a process remember from check to check, kept as one text of a store, so that
// neither a restart nor a cold start forgets it. It stands beside the claims and never for them:
// two autoscalers are told apart by claims alone. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/stores/versioned_store.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "json/reader.h"
#include "scaling/judge.h"

namespace fas::adapters {

class KeptMemory {
  public:
    static constexpr std::string_view text_name = "memory.json";

    // The clock must outlive it.
    KeptMemory(std::unique_ptr<VersionedStore> store, const Clock& clock)
        : store_(std::move(store)), clock_(clock) {}

    // What another process may have written since is worth a look: a target has come.
    void look_again() { recalled_ = false; }
    bool recalled() const { return recalled_; }

    // Reads what was kept, unless it was already. What cannot be read is tried again later; what is
    // not understood is forgotten. True: it was tried, and trouble() says what came of it.
    reactor::Task<bool> recall(reactor::Scope scope);

    // What the last recall() or keep() that tried came to; none: all is well.
    const std::optional<Error>& trouble() const { return trouble_; }

    // What was kept of a target that has these queues, or noted last. Nothing where nothing was, or
    // it has had other queues. What is too old to say that failures are in a row does not.
    std::optional<scaling::Memory> of(std::string_view target, std::uint32_t queues) const;

    // What a target remembers after a check. `changed`: it has just changed its service.
    void note(const std::string& target, std::uint32_t queues, const scaling::Memory& memory,
              bool changed);

    // Writes what is new of it, if it is time to: ten seconds after the last write where a service
    // was changed or something bad has ended, two minutes after it otherwise; and in any case where
    // the process `ends`. Of a text that another process has written meanwhile, the newer memory of
    // each target stays. A newer version's text is left alone. True: it was tried, as above.
    reactor::Task<bool> keep(bool ends, reactor::Scope scope);

  private:
    struct Entry {
        scaling::Memory memory;
        std::uint32_t queues = 0;  // tells queues apart
        TimePoint at;
    };

    static void write_entry(JsonWriter& json, const Entry& entry);
    static Result<Entry> read_entry(const json::Value& value);
    bool is_due(bool ends) const;
    std::optional<Error> take(const Versioned& present);
    std::optional<Error> take_targets(const json::Value& targets);
    void forget_old();
    std::string text(std::size_t* left_out) const;
    reactor::Task<std::optional<Error>> write(std::string text, std::size_t left_out,
                                              reactor::Scope scope);

    std::unique_ptr<VersionedStore> store_;
    const Clock& clock_;
    bool recalled_ = false;
    TimePoint tried_at_;  // to recall
    bool newer_ = false;  // what is there is of a newer version
    Version version_;
    std::map<std::string, Entry, std::less<>> entries_;  // by the target's name
    bool noted_ = false;                                 // since the last write
    bool changed_ = false;                               // likewise
    std::string written_;
    TimePoint written_at_;
    std::optional<Error> trouble_;
};

}  // namespace fas::adapters
