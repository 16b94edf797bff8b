// A store of texts whose every answer a test may choose.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/stores/versioned_store.h"
#include "reactor/reactor.h"

namespace fas::adapters {

// What is kept, for all autoscalers of a test, and what goes wrong with it.
struct StoredTexts {
    struct Item {
        std::map<std::string, std::string> texts;
        Version version;
    };

    bool one_item = false;
    bool local = false;
    std::map<std::string, Item> items;
    int writes = 0;
    std::vector<std::string> calls;
    std::map<std::string, Error> unreadable;            // by text
    std::map<std::string, Error> unwritable;            // by text
    std::function<void(const std::string&)> meanwhile;  // before the next write, and once
    int answers_lost = 0;  // of writes that were made, and are repeated
    int interrupted = 0;   // writes that met another one, which failed
    bool conflict_untold = false;

    Item& item_of(const std::string& name) { return items[one_item ? "both" : name]; }

    void put(const std::string& name, std::string text) {
        Item& item = item_of(name);
        item.texts[name] = std::move(text);
        item.version = std::to_string(++writes);
    }
};

class FakeVersionedStore final : public VersionedStore {
  public:
    FakeVersionedStore(StoredTexts& world, reactor::Reactor& reactor)
        : world_(world), reactor_(reactor) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope) override {
        world_.calls.push_back("read " + name.substr(0, name.find('-')));
        co_await reactor_.yield();
        world_.calls.emplace_back("answered");
        const auto failure = world_.unreadable.find(name);
        if (failure != world_.unreadable.end()) co_return failure->second;
        co_return present(name);
    }

    reactor::Task<Result<Written>> write(std::string name, std::string text, Version version,
                                         reactor::Scope) override {
        world_.calls.push_back("write " + name.substr(0, name.find('-')));
        co_await reactor_.yield();
        if (const auto meanwhile = std::exchange(world_.meanwhile, nullptr)) meanwhile(name);
        const auto failure = world_.unwritable.find(name);
        if (failure != world_.unwritable.end()) co_return failure->second;
        const bool interrupted = world_.interrupted > 0 && world_.interrupted-- > 0;
        if (interrupted || world_.item_of(name).version != version) {
            if (world_.conflict_untold) co_return Written{};
            co_return Written{{}, present(name)};
        }
        world_.put(name, std::move(text));
        if (world_.answers_lost > 0 && world_.answers_lost-- > 0) {
            co_return Written{{}, present(name)};
        }
        co_return Written{world_.item_of(name).version, {}};
    }

    bool together(std::string_view, std::string_view) const override { return world_.one_item; }
    bool is_local() const override { return world_.local; }
    Error unusable(std::string_view name, std::string why) const override {
        return {.kind = ErrorKind::invalid,
                .message = "mend " + std::string{name} + ": " + why,
                .code = "CorruptState"};
    }

  private:
    Versioned present(const std::string& name) const {
        Versioned present{.texts = {}, .version = world_.item_of(name).version};
        for (const auto& [key, text] : world_.item_of(name).texts) present.texts.emplace(key, text);
        return present;
    }

    StoredTexts& world_;
    reactor::Reactor& reactor_;
};

}  // namespace fas::adapters
