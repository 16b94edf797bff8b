// When a memory is read and written, and what becomes of one that cannot be. The stores themselves
// are held to their promises in tests/stores.
#include "adapters/stores/kept_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "reactor/reactor.h"
#include "tests/adapters/stores/fake_versioned_store.h"

namespace fas::adapters {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

const std::string name{KeptMemory::text_name};

class FixedClock final : public Clock {
  public:
    TimePoint now() const override { return time; }
    TimePoint time = *from_epoch_seconds(1'700'000'000);
};

scaling::Memory failed(int times) { return {.readings = {.failures = times}}; }

class KeptMemoryTest : public ::testing::Test {
  protected:
    KeptMemory open() { return {std::make_unique<FakeVersionedStore>(texts_, reactor_), clock_}; }
    void store_is_down(bool down) {
        const Error trouble{.kind = ErrorKind::retryable, .message = "S3 said 503"};
        texts_.unreadable.clear();
        texts_.unwritable.clear();
        if (!down) return;
        texts_.unreadable.emplace(name, trouble);
        texts_.unwritable.emplace(name, trouble);
    }
    std::ptrdiff_t reads() const { return std::ranges::count(texts_.calls, "read " + name); }
    std::ptrdiff_t writes() const { return std::ranges::count(texts_.calls, "write " + name); }
    // Nothing also where nothing was tried.
    std::optional<Error> recall(KeptMemory& kept) {
        return reactor_.run(kept.recall({})) ? kept.trouble() : std::nullopt;
    }
    std::optional<Error> keep(KeptMemory& kept, bool ends = false) {
        return reactor_.run(kept.keep(ends, {})) ? kept.trouble() : std::nullopt;
    }
    // What a process that starts now remembers of the target.
    std::optional<scaling::Memory> remembered(const char* target) {
        KeptMemory kept = open();
        recall(kept);
        return kept.of(target, queues_);
    }
    void note(KeptMemory& kept, const char* target, int failures, bool changed = false) {
        kept.note(target, queues_, failed(failures), changed);
    }

    static constexpr std::uint32_t queues_ = 7;

    reactor::Reactor reactor_;
    StoredTexts texts_;
    FixedClock clock_;
};

TEST_F(KeptMemoryTest, OutlivesItsProcess) {
    KeptMemory kept = open();
    EXPECT_EQ(recall(kept), std::nullopt);
    EXPECT_EQ(kept.of("shop/a", queues_), std::nullopt);
    note(kept, "shop/a", 2, false);
    note(kept, "shop/b", 5, false);
    EXPECT_EQ(keep(kept), std::nullopt);
    EXPECT_EQ(remembered("shop/a"), failed(2));
    EXPECT_EQ(remembered("shop/b"), failed(5));
    EXPECT_EQ(remembered("shop/c"), std::nullopt);
}

TEST_F(KeptMemoryTest, IsReadOnce) {
    KeptMemory kept = open();
    for (int i = 0; i < 3; ++i) recall(kept);
    EXPECT_EQ(reads(), 1);
}

TEST_F(KeptMemoryTest, IsWrittenEveryTwoMinutesAndTenSecondsAfterAChange) {
    KeptMemory kept = open();
    recall(kept);
    keep(kept);
    EXPECT_EQ(writes(), 0) << "there is nothing to keep";
    int failures = 0;
    const auto checked = [&](int later, bool changed) {
        clock_.time += seconds{later};
        note(kept, "shop/a", ++failures, changed);
        const auto before = writes();
        keep(kept);
        return writes() - before;
    };
    EXPECT_EQ(checked(0, false), 1);
    EXPECT_EQ(checked(119, false), 0);
    EXPECT_EQ(checked(1, false), 1);
    EXPECT_EQ(checked(9, true), 0);
    EXPECT_EQ(checked(1, false), 1);
    EXPECT_EQ(checked(100, false), 0);
}

TEST_F(KeptMemoryTest, NothingNewIsNotWritten) {
    KeptMemory kept = open();
    recall(kept);
    for (int i = 0; i < 3; ++i) {
        kept.note("shop/a", queues_, {}, false);
        keep(kept, true);
        clock_.time += seconds{120};
    }
    EXPECT_EQ(writes(), 0);
    for (int i = 0; i < 3; ++i) {
        note(kept, "shop/a", 2);
        keep(kept);
        clock_.time += seconds{120};
    }
    EXPECT_EQ(writes(), 1);
}

TEST_F(KeptMemoryTest, WhatSpeaksAgainstAScaleInIsKeptSoon) {
    KeptMemory kept = open();
    recall(kept);
    const scaling::Memory wanted{.evidence = {{clock_.time, clock_.time, Tasks{3}}}};
    kept.note("shop/a", queues_, wanted, false);
    keep(kept);
    EXPECT_EQ(remembered("shop/a"), wanted);
    clock_.time += seconds{10};
    kept.note("shop/a", queues_, {}, false);
    keep(kept);
    EXPECT_EQ(remembered("shop/a"), scaling::Memory{});
}

TEST_F(KeptMemoryTest, WhatOtherQueuesSaidIsNoEvidence) {
    KeptMemory kept = open();
    recall(kept);
    const scaling::Memory wanted{.evidence = {{clock_.time, clock_.time, Tasks{3}}}};
    kept.note("shop/a", queues_, wanted, false);
    EXPECT_EQ(kept.of("shop/a", queues_ + 1), scaling::Memory{});
}

TEST_F(KeptMemoryTest, AnEndKeepsWhatThereIs) {
    KeptMemory kept = open();
    recall(kept);
    note(kept, "shop/a", 1, false);
    keep(kept);
    note(kept, "shop/a", 2, false);
    keep(kept, true);
    EXPECT_EQ(remembered("shop/a"), failed(2));
    keep(kept, true);
    EXPECT_EQ(writes(), 2) << "what is there already is not written again";
}

TEST_F(KeptMemoryTest, OfTwoProcessesTheNewerMemoryOfEachTargetStays) {
    KeptMemory one = open();
    KeptMemory other = open();
    recall(one);
    recall(other);
    note(one, "shop/a", 1);
    note(one, "shop/z", 1);
    clock_.time += seconds{1};
    note(other, "shop/a", 2);
    keep(other);
    clock_.time += seconds{1};
    note(one, "shop/b", 3);
    EXPECT_EQ(keep(one), std::nullopt);
    EXPECT_EQ(remembered("shop/a"), failed(2));
    EXPECT_EQ(remembered("shop/b"), failed(3));
    EXPECT_EQ(remembered("shop/z"), failed(1));
}

TEST_F(KeptMemoryTest, IsReadAgainWhereTargetsHaveCome) {
    KeptMemory one = open();
    recall(one);
    KeptMemory other = open();
    recall(other);
    note(other, "shop/a", 2);
    keep(other);
    one.look_again();
    recall(one);
    EXPECT_EQ(one.of("shop/a", queues_), failed(2));
}

TEST_F(KeptMemoryTest, AnotherQueuesReadingsAreNotRemembered) {
    KeptMemory kept = open();
    note(kept, "shop/a", 2);
    EXPECT_EQ(kept.of("shop/a", queues_), failed(2));
    EXPECT_EQ(kept.of("shop/a", queues_ + 1), failed(0));
}

TEST_F(KeptMemoryTest, FailuresOfLongAgoAreInNoRowWithThoseOfNow) {
    KeptMemory kept = open();
    note(kept, "shop/a", 5);
    clock_.time += std::chrono::minutes{10};
    EXPECT_EQ(kept.of("shop/a", queues_), failed(5));
    clock_.time += seconds{1};
    EXPECT_EQ(kept.of("shop/a", queues_), failed(0));
}

TEST_F(KeptMemoryTest, ARecoveryIsKeptAsSoonAsAChange) {
    KeptMemory kept = open();
    recall(kept);
    note(kept, "shop/a", 5);
    keep(kept);
    clock_.time += seconds{10};
    note(kept, "shop/a", 0);
    keep(kept);
    EXPECT_EQ(remembered("shop/a"), failed(0));
}

TEST_F(KeptMemoryTest, AWindowThatNothingKeptReachesIntoBeginsAnew) {
    KeptMemory kept = open();
    recall(kept);
    const scaling::Sample sample{clock_.time, clock_.time, Tasks{4}};
    kept.note("shop/a", queues_, {.behavior = {.begun = true, .highest = {sample}}}, false);
    keep(kept);
    const auto memory = remembered("shop/a");
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->behavior.highest, std::vector{sample});
    EXPECT_FALSE(memory->behavior.begun);
}

TEST_F(KeptMemoryTest, WhatWasNotCheckedForADayIsForgotten) {
    KeptMemory kept = open();
    recall(kept);
    note(kept, "shop/gone", 1);
    clock_.time += std::chrono::hours{25};
    note(kept, "shop/a", 1);
    keep(kept);
    EXPECT_EQ(remembered("shop/gone"), std::nullopt);
    EXPECT_NE(remembered("shop/a"), std::nullopt);
}

TEST_F(KeptMemoryTest, TheNewestAreKeptWhereThereIsNoRoomForAll) {
    KeptMemory kept = open();
    recall(kept);
    const scaling::Sample sample{clock_.time, clock_.time, Tasks{4}};
    const scaling::Memory large{
        .behavior = {.begun = true, .added = std::vector<scaling::Sample>(1'000, sample)}};
    for (int i = 0; i < 20; ++i) {
        clock_.time += seconds{1};
        kept.note("shop/" + std::to_string(i), queues_, large, false);
    }
    const auto trouble = keep(kept);
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->code, "MemoryTooLarge");
    EXPECT_LE(texts_.items[name].texts[name].size(), std::size_t{256} << 10U);
    EXPECT_NE(remembered("shop/19"), std::nullopt);
    EXPECT_EQ(remembered("shop/0"), std::nullopt);
}

TEST_F(KeptMemoryTest, WhatCannotBeUnderstoodIsSaidForgottenAndReplaced) {
    for (const char* text :
         {"no json", "[]", "{}", R"({"version":1,"targets":{"shop/a":{"memory":{}}}})",
          R"({"version":1,"targets":{"shop/a":{"at":1,"queues":7,"memory":{"version":9}}}})"}) {
        texts_ = {};
        texts_.put(name, text);
        KeptMemory kept = open();
        const auto error = recall(kept);
        ASSERT_TRUE(error) << text;
        EXPECT_THAT(error->message, HasSubstr("memory.json: "));
        EXPECT_EQ(kept.of("shop/a", queues_), std::nullopt);
        note(kept, "shop/a", 3, true);
        EXPECT_EQ(keep(kept), std::nullopt);
        EXPECT_EQ(remembered("shop/a"), failed(3));
    }
}

TEST_F(KeptMemoryTest, ANewerVersionsTextIsForgottenAndLeftAlone) {
    texts_.put(name, R"({"version":2,"targets":{}})");
    KeptMemory kept = open();
    EXPECT_THAT(recall(kept)->message, HasSubstr("of version 2, and known is 1"));
    note(kept, "shop/a", 3, true);
    EXPECT_EQ(keep(kept, true), std::nullopt);
    EXPECT_EQ(writes(), 0);
}

// It was there all the time.
TEST_F(KeptMemoryTest, AFirstReadThatFailsForgetsNothing) {
    KeptMemory before = open();
    recall(before);
    note(before, "shop/a", 2);
    keep(before);

    store_is_down(true);
    KeptMemory kept = open();
    EXPECT_EQ(recall(kept)->message, "S3 said 503");
    EXPECT_FALSE(kept.recalled());
    store_is_down(false);
    EXPECT_EQ(recall(kept), std::nullopt);
    EXPECT_FALSE(kept.recalled()) << "not at each check";
    clock_.time += seconds{10};
    recall(kept);
    EXPECT_TRUE(kept.recalled());
    EXPECT_EQ(kept.of("shop/a", queues_), failed(2));
}

TEST_F(KeptMemoryTest, AStoreThatIsDownIsNotAskedAtEachCheck) {
    KeptMemory kept = open();
    recall(kept);
    store_is_down(true);
    int failed_writes = 0;
    for (int i = 0; i < 25; ++i) {
        clock_.time += seconds{1};
        note(kept, "shop/a", i, true);
        failed_writes += keep(kept) ? 1 : 0;
    }
    EXPECT_EQ(writes(), 3);
    EXPECT_EQ(failed_writes, 3) << "which is said as one trouble elsewhere";
    store_is_down(false);
    clock_.time += seconds{10};
    EXPECT_EQ(keep(kept), std::nullopt);
    EXPECT_EQ(remembered("shop/a"), failed(24));
}

}  // namespace
}  // namespace fas::adapters
