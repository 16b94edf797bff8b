// When a memory is read and written, and what becomes of one that cannot be. The stores themselves
// are held to their promises in tests/stores.
#include "engine/kept_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "reactor/reactor.h"

namespace fas::engine {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

// What is in the store, and how it fails.
struct Shelf {
    std::optional<std::string> text;
    int version = 0;
    int reads = 0;
    int writes = 0;
    bool down = false;
    std::optional<std::string> written_by_another;  // just before the next write
};

class ShelfStore final : public VersionedStore {
  public:
    explicit ShelfStore(Shelf& shelf) : shelf_(shelf) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope) override {
        ++shelf_.reads;
        if (shelf_.down) co_return trouble();
        co_return present(name);
    }
    reactor::Task<Result<Written>> write(std::string name, std::string text, Version version,
                                         reactor::Scope) override {
        ++shelf_.writes;
        if (shelf_.down) co_return trouble();
        if (shelf_.written_by_another) {
            shelf_.text = std::exchange(shelf_.written_by_another, std::nullopt);
            ++shelf_.version;
        }
        if (version != present(name).version) co_return Written{{}, present(name)};
        shelf_.text = std::move(text);
        ++shelf_.version;
        co_return Written{present(name).version, {}};
    }
    bool together(std::string_view, std::string_view) const override { return false; }
    bool is_local() const override { return false; }
    Error unusable(std::string_view name, std::string why) const override {
        return {.kind = ErrorKind::invalid, .message = std::string{name} + ": " + why};
    }

  private:
    Versioned present(const std::string& name) const {
        Versioned versioned;
        if (!shelf_.text) return versioned;
        versioned.version = std::to_string(shelf_.version);
        versioned.texts.emplace(name, *shelf_.text);
        return versioned;
    }
    static Error trouble() { return {.kind = ErrorKind::retryable, .message = "S3 said 503"}; }

    Shelf& shelf_;
};

class FixedClock final : public Clock {
  public:
    TimePoint now() const override { return time; }
    TimePoint time = *from_epoch_seconds(1'700'000'000);
};

scaling::Memory failed(int times) { return {.readings = {.failures = times}}; }

class KeptMemoryTest : public ::testing::Test {
  protected:
    KeptMemory open() { return {std::make_unique<ShelfStore>(shelf_), clock_}; }
    std::optional<Error> recall(KeptMemory& kept) { return reactor_.run(kept.recall({})); }
    std::optional<Error> keep(KeptMemory& kept, bool ends = false) {
        return reactor_.run(kept.keep(ends, {}));
    }
    // What a process that starts now remembers of the target.
    std::optional<scaling::Memory> remembered(const char* target) {
        KeptMemory kept = open();
        recall(kept);
        const scaling::Memory* memory = kept.of(target);
        return memory == nullptr ? std::nullopt : std::optional{*memory};
    }

    reactor::Reactor reactor_;
    Shelf shelf_;
    FixedClock clock_;
};

TEST_F(KeptMemoryTest, OutlivesItsProcess) {
    KeptMemory kept = open();
    EXPECT_EQ(recall(kept), std::nullopt);
    EXPECT_EQ(kept.of("shop/a"), nullptr);
    kept.note("shop/a", failed(2), false);
    kept.note("shop/b", failed(5), false);
    EXPECT_EQ(keep(kept), std::nullopt);
    EXPECT_EQ(remembered("shop/a"), failed(2));
    EXPECT_EQ(remembered("shop/b"), failed(5));
    EXPECT_EQ(remembered("shop/c"), std::nullopt);
}

TEST_F(KeptMemoryTest, IsReadOnce) {
    KeptMemory kept = open();
    for (int i = 0; i < 3; ++i) recall(kept);
    EXPECT_EQ(shelf_.reads, 1);
}

TEST_F(KeptMemoryTest, IsWrittenEveryTwoMinutesAndTenSecondsAfterAChange) {
    KeptMemory kept = open();
    recall(kept);
    keep(kept);
    EXPECT_EQ(shelf_.writes, 0) << "there is nothing to keep";
    int failures = 0;
    const auto checked = [&](int later, bool changed) {
        clock_.time += seconds{later};
        kept.note("shop/a", failed(++failures), changed);
        const int before = shelf_.writes;
        keep(kept);
        return shelf_.writes - before;
    };
    EXPECT_EQ(checked(0, false), 1);
    EXPECT_EQ(checked(119, false), 0);
    EXPECT_EQ(checked(1, false), 1);
    EXPECT_EQ(checked(9, true), 0);
    EXPECT_EQ(checked(1, false), 1);
    EXPECT_EQ(checked(100, false), 0);
}

TEST_F(KeptMemoryTest, AnEndKeepsWhatThereIs) {
    KeptMemory kept = open();
    recall(kept);
    kept.note("shop/a", failed(1), false);
    keep(kept);
    kept.note("shop/a", failed(2), false);
    keep(kept, true);
    EXPECT_EQ(remembered("shop/a"), failed(2));
    keep(kept, true);
    EXPECT_EQ(shelf_.writes, 2) << "what is there already is not written again";
}

TEST_F(KeptMemoryTest, TheOtherTargetsOfAnotherProcessStay) {
    KeptMemory kept = open();
    recall(kept);
    shelf_.written_by_another =
        R"({"version":1,"targets":{"shop/a":{"version":1},"shop/z":{"version":1,"readings":{"failures":7}}}})";
    kept.note("shop/a", failed(1), false);
    EXPECT_EQ(keep(kept), std::nullopt);
    EXPECT_EQ(remembered("shop/a"), failed(1));
    EXPECT_EQ(remembered("shop/z"), failed(7));
}

TEST_F(KeptMemoryTest, WhatCannotBeUnderstoodIsSaidAndForgotten) {
    for (const char* text : {"no json", "[]", "{}", R"({"version":2,"targets":{}})",
                             R"({"version":1,"targets":{"shop/a":{"version":9}}})"}) {
        shelf_ = {.text = text};
        KeptMemory kept = open();
        const auto error = recall(kept);
        ASSERT_TRUE(error) << text;
        EXPECT_THAT(error->message, HasSubstr("memory.json: "));
        EXPECT_EQ(kept.of("shop/a"), nullptr);
        kept.note("shop/a", failed(3), true);
        EXPECT_EQ(keep(kept), std::nullopt) << "it is replaced";
        EXPECT_EQ(remembered("shop/a"), failed(3));
    }
}

TEST_F(KeptMemoryTest, AStoreThatIsDownIsNotAskedAtEachCheck) {
    shelf_.down = true;
    KeptMemory kept = open();
    EXPECT_EQ(recall(kept)->message, "S3 said 503");
    for (int i = 0; i < 5; ++i) {
        clock_.time += seconds{1};
        kept.note("shop/a", failed(i), true);
        keep(kept);
    }
    EXPECT_EQ(shelf_.writes, 1);
    shelf_.down = false;
    clock_.time += seconds{10};
    EXPECT_EQ(keep(kept), std::nullopt);
    EXPECT_EQ(remembered("shop/a"), failed(4));
}

}  // namespace
}  // namespace fas::engine
