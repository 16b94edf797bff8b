// Texts in this process's memory alone: for trials, and where there is nothing to write to. A
// restart forgets them, and with them the cooldowns; another process knows nothing of them.
#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "adapters/stores/kinds.h"

namespace fas::adapters {

namespace {

struct Folder {
    std::map<std::string, Versioned> texts;
    std::uint64_t writes = 0;
};

class MemoryStore final : public VersionedStore {
  public:
    explicit MemoryStore(Folder& folder) : folder_(folder) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope) override {
        co_return folder_.texts[name];
    }

    reactor::Task<Result<Written>> write(std::string name, std::string text, Version version,
                                         reactor::Scope) override {
        Versioned& present = folder_.texts[name];
        if (present.version != version) co_return Written{{}, present};
        present.version = fmt::format("{}", ++folder_.writes);
        present.texts.insert_or_assign(std::move(name), std::move(text));
        co_return Written{present.version, {}};
    }

    bool together(std::string_view, std::string_view) const override { return false; }
    bool is_local() const override { return true; }

    Error unusable(std::string_view, std::string why) const override {
        return {.kind = ErrorKind::bug, .message = std::move(why), .code = "CorruptState"};
    }

  private:
    Folder& folder_;
};

// The process's, so that they outlive a configuration that is read anew.
std::unique_ptr<VersionedStore> make_memory(const StoreDescription& description,
                                            clients::AwsAccount&) {
    static std::map<std::pair<std::string, std::string>, Folder> folders;
    return std::make_unique<MemoryStore>(
        folders[{description.target.group, description.target.name}]);
}

}  // namespace

const StoreKind stores::memory{kind_of<NoOptions>("memory", {}), make_memory};

}  // namespace fas::adapters
