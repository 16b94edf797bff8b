// The claim protocol, on a store whose every answer a test may choose.
#include "adapters/stores/action_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/stores/action_record.h"
#include "tests/adapters/stores/fake_versioned_store.h"

namespace fas::adapters {
namespace {

using scaling::Action;
using scaling::Never;
using scaling::ScalingAction;
using scaling::Unknown;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string up{scale_out_name};
const std::string down{scale_in_name};

ScalingAction at(double seconds) { return {*from_epoch_seconds(seconds), Messages{7}, Tasks{3}}; }

std::string record_text(double seconds, Action direction) {
    return write_action_record({at(seconds), "somebody"}, direction, "prod", "web");
}

// "never", "unknown", or when.
std::string told(const scaling::LastAction& last) {
    if (std::holds_alternative<Never>(last)) return "never";
    if (std::holds_alternative<Unknown>(last)) return "unknown";
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                              std::get<ScalingAction>(last).at.time_since_epoch())
                              .count());
}

class ActionStateTest : public ::testing::Test {
  protected:
    std::unique_ptr<ActionState> autoscaler() {
        return std::make_unique<ActionState>(std::make_unique<FakeVersionedStore>(world_, reactor_),
                                             TargetIdentity{"prod", "web"});
    }

    engine::Recollection read(ActionState& state, Action action) {
        return reactor_.run(state.read(action, reactor::Scope{}));
    }
    Result<void> record(ActionState& state, Action action, double seconds) {
        return reactor_.run(state.record(action, at(seconds), reactor::Scope{}));
    }

    Result<void> confirm(ActionState& state) {
        return reactor_.run(state.confirm(reactor::Scope{}));
    }

    std::vector<std::string> calls() { return std::exchange(world_.calls, {}); }

    std::string timestamp_of(const std::string& name) {
        const auto record = read_action_record(world_.item_of(name).texts[name]);
        return record ? told(record->action) : "no record";
    }
    std::string writer_of(const std::string& name) {
        const auto record = read_action_record(world_.item_of(name).texts[name]);
        return record ? record->writer : "no record";
    }

    StoredTexts world_;
    reactor::Reactor reactor_;
    std::unique_ptr<ActionState> state_ = autoscaler();
};

bool is_lost(const Result<void>& claim) {
    return !claim && claim.error().kind == ErrorKind::conflict &&
           claim.error().code == "StateChanged";
}

// --- what is asked for, and what is remembered

TEST_F(ActionStateTest, AScaleOutReadsTheUpTextAlone) {
    const engine::Recollection past = read(*state_, Action::scale_out);
    EXPECT_EQ(told(past.history.scale_out), "never");
    EXPECT_EQ(told(past.history.scale_in), "unknown");
    EXPECT_FALSE(past.from_memory);
    EXPECT_THAT(past.errors, IsEmpty());
    EXPECT_THAT(calls(), ElementsAre("read up", "answered"));
}

TEST_F(ActionStateTest, AScaleInReadsBothAtOnce) {
    world_.put(up, record_text(100, Action::scale_out));
    world_.put(down, record_text(200, Action::scale_in));
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(told(past.history.scale_out), "100");
    EXPECT_EQ(told(past.history.scale_in), "200");
    EXPECT_THAT(calls(), ElementsAre("read up", "read down", "answered", "answered"));
}

TEST_F(ActionStateTest, OneItemIsReadOnce) {
    world_.one_item = true;
    state_ = autoscaler();
    world_.put(up, record_text(100, Action::scale_out));
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(told(past.history.scale_out), "100");
    EXPECT_EQ(told(past.history.scale_in), "never");
    EXPECT_THAT(calls(), ElementsAre("read up", "answered"));
}

TEST_F(ActionStateTest, WhatIsKnownIsNotAskedForAgain) {
    read(*state_, Action::scale_out);
    calls();
    EXPECT_TRUE(read(*state_, Action::scale_out).from_memory);
    EXPECT_THAT(calls(), IsEmpty());
    EXPECT_FALSE(read(*state_, Action::scale_in).from_memory);
    EXPECT_THAT(calls(), ElementsAre("read down", "answered"));
    EXPECT_TRUE(read(*state_, Action::scale_in).from_memory);
    EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ActionStateTest, WhatCameAlongIsNoMemoryWhenItIsFirstAskedFor) {
    world_.one_item = true;
    state_ = autoscaler();
    read(*state_, Action::scale_out);
    calls();
    EXPECT_FALSE(read(*state_, Action::scale_in).from_memory);
    EXPECT_TRUE(read(*state_, Action::scale_in).from_memory);
    EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ActionStateTest, ALocalStoreIsLookedIntoEachTime) {
    world_.local = true;
    read(*state_, Action::scale_in);
    EXPECT_TRUE(read(*state_, Action::scale_in).from_memory);
    world_.put(up, record_text(100, Action::scale_out));
    const engine::Recollection past = read(*state_, Action::scale_out);
    EXPECT_EQ(told(past.history.scale_out), "100");
    EXPECT_FALSE(past.from_memory);
    // The same check, which now wants less: it is not to call what it learned a memory.
    EXPECT_FALSE(read(*state_, Action::scale_in).from_memory);
    EXPECT_TRUE(read(*state_, Action::scale_in).from_memory);
    world_.put(down, record_text(200, Action::scale_in));
    EXPECT_TRUE(read(*state_, Action::scale_out).from_memory);
    const engine::Recollection after = read(*state_, Action::scale_in);
    EXPECT_EQ(told(after.history.scale_in), "200");
    EXPECT_FALSE(after.from_memory);
}

// --- claims

TEST_F(ActionStateTest, AScaleOutIsOneWrite) {
    read(*state_, Action::scale_out);
    calls();
    ASSERT_TRUE(record(*state_, Action::scale_out, 300));
    EXPECT_THAT(calls(), ElementsAre("write up"));
    EXPECT_EQ(timestamp_of(up), "300");
    const engine::Recollection past = read(*state_, Action::scale_out);
    EXPECT_EQ(told(past.history.scale_out), "300");
    EXPECT_TRUE(past.from_memory);
}

TEST_F(ActionStateTest, AScaleInClaimsTheUpTextAndKeepsWhatItSays) {
    world_.put(up, record_text(100, Action::scale_out));
    read(*state_, Action::scale_in);
    calls();
    ASSERT_TRUE(record(*state_, Action::scale_in, 300));
    EXPECT_THAT(calls(), ElementsAre("write up", "write down"));
    EXPECT_EQ(timestamp_of(up), "100");
    EXPECT_NE(writer_of(up), "somebody");
    EXPECT_EQ(timestamp_of(down), "300");
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(told(past.history.scale_out), "100");
    EXPECT_EQ(told(past.history.scale_in), "300");
    EXPECT_TRUE(past.from_memory);
}

TEST_F(ActionStateTest, ThatThereWasNoScaleOutIsKeptAsOneIn1970) {
    read(*state_, Action::scale_in);
    ASSERT_TRUE(record(*state_, Action::scale_in, 300));
    EXPECT_EQ(timestamp_of(up), "0");
    EXPECT_EQ(timestamp_of(down), "300");
}

TEST_F(ActionStateTest, InOneItemEachActionIsOneWrite) {
    world_.one_item = true;
    state_ = autoscaler();
    read(*state_, Action::scale_in);
    calls();
    ASSERT_TRUE(record(*state_, Action::scale_in, 300));
    ASSERT_TRUE(record(*state_, Action::scale_out, 400));
    ASSERT_TRUE(record(*state_, Action::scale_in, 500));
    EXPECT_THAT(calls(), ElementsAre("write down", "write up", "write down"));
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(told(past.history.scale_out), "400");
    EXPECT_EQ(told(past.history.scale_in), "500");
    EXPECT_TRUE(past.from_memory);
}

TEST_F(ActionStateTest, EachClaimHasAWriterOfItsOwn) {
    read(*state_, Action::scale_in);
    ASSERT_TRUE(record(*state_, Action::scale_in, 300));
    const std::string first = writer_of(up);
    EXPECT_NE(first, "");
    EXPECT_NE(first, writer_of(down));
    ASSERT_TRUE(record(*state_, Action::scale_in, 300));
    EXPECT_NE(writer_of(up), first);
}

class OfTwo : public ActionStateTest,
              public ::testing::WithParamInterface<std::tuple<Action, Action, bool>> {};

TEST_P(OfTwo, WhoClaimsOnWhatHasChangedLosesAndLeavesNoTrace) {
    const auto [first, second, one_item] = GetParam();
    world_.one_item = one_item;
    state_ = autoscaler();
    const auto other = autoscaler();
    read(*state_, Action::scale_in);
    read(*other, Action::scale_in);
    ASSERT_TRUE(record(*other, first, 300));
    const std::map<std::string, StoredTexts::Item> before = world_.items;
    EXPECT_TRUE(is_lost(record(*state_, second, 400)));
    for (const auto& [name, item] : before) EXPECT_EQ(world_.items[name].texts, item.texts);

    // And knows that it knows nothing.
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_FALSE(past.from_memory);
    EXPECT_EQ(told(first == Action::scale_out ? past.history.scale_out : past.history.scale_in),
              "300");
    EXPECT_TRUE(record(*state_, second, 500));
}

INSTANTIATE_TEST_SUITE_P(Each, OfTwo,
                         ::testing::Combine(::testing::Values(Action::scale_out, Action::scale_in),
                                            ::testing::Values(Action::scale_out, Action::scale_in),
                                            ::testing::Bool()));

TEST_P(OfTwo, AClaimStandsUntilAnotherIsMade) {
    const auto [first, second, one_item] = GetParam();
    world_.one_item = one_item;
    state_ = autoscaler();
    EXPECT_TRUE(confirm(*state_)) << "there is nothing to confirm";
    read(*state_, Action::scale_in);
    ASSERT_TRUE(record(*state_, first, 300));
    EXPECT_TRUE(confirm(*state_));
    const auto other = autoscaler();
    read(*other, Action::scale_in);
    ASSERT_TRUE(record(*other, second, 400));
    EXPECT_TRUE(is_lost(confirm(*state_)));
    EXPECT_FALSE(read(*state_, Action::scale_in).from_memory);
    EXPECT_TRUE(record(*state_, first, 500));
}

TEST_F(ActionStateTest, WhetherAClaimStandsWhereNothingCanBeReadIsAnError) {
    read(*state_, Action::scale_out);
    ASSERT_TRUE(record(*state_, Action::scale_out, 300));
    world_.unreadable[up] = {.kind = ErrorKind::retryable, .message = "S3 is down"};
    const auto stands = confirm(*state_);
    ASSERT_FALSE(stands);
    EXPECT_EQ(stands.error().kind, ErrorKind::retryable);
}

TEST_F(ActionStateTest, WhoReadBetweenTheTwoTextsOfAScaleInLosesByTheSecond) {
    read(*state_, Action::scale_in);
    // Another one reads when this one has claimed, and has not recorded yet.
    world_.meanwhile = [&](const std::string&) {
        world_.meanwhile = [&](const std::string& name) {
            ASSERT_EQ(name, down);
            world_.put(down, record_text(350, Action::scale_in));  // and is the faster one
        };
    };
    EXPECT_TRUE(is_lost(record(*state_, Action::scale_in, 300)));
    EXPECT_EQ(timestamp_of(down), "350");
    // The claim on the up text stands; what has to be learned anew is the down text.
    calls();
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(told(past.history.scale_in), "350");
    EXPECT_FALSE(past.from_memory);
    EXPECT_THAT(calls(), ElementsAre("read down", "answered"));
}

TEST_F(ActionStateTest, WhoLostOnTheUpTextReadsBothAnew) {
    read(*state_, Action::scale_in);
    world_.put(up, record_text(100, Action::scale_out));
    EXPECT_TRUE(is_lost(record(*state_, Action::scale_in, 300)));
    world_.put(down, record_text(200, Action::scale_in));
    calls();
    EXPECT_EQ(told(read(*state_, Action::scale_in).history.scale_in), "200");
    EXPECT_THAT(calls(), ElementsAre("read up", "read down", "answered", "answered"));
}

// --- conflicts with oneself, and with nobody

TEST_F(ActionStateTest, AClaimWhoseAnswerWasLostIsRecognisedAsItsOwn) {
    for (const bool one_item : {false, true}) {
        world_ = StoredTexts{.one_item = one_item};
        state_ = autoscaler();
        read(*state_, Action::scale_in);
        world_.answers_lost = 2;
        EXPECT_TRUE(record(*state_, Action::scale_in, 300));
        EXPECT_TRUE(record(*state_, Action::scale_out, 400));
        EXPECT_TRUE(read(*state_, Action::scale_in).from_memory);
        EXPECT_EQ(timestamp_of(up), "400");
        EXPECT_EQ(timestamp_of(down), "300");
    }
}

TEST_F(ActionStateTest, AWriteThatMetOneThatFailedIsTriedAgain) {
    read(*state_, Action::scale_out);
    calls();
    world_.interrupted = 2;
    EXPECT_TRUE(record(*state_, Action::scale_out, 300));
    EXPECT_THAT(calls(), ElementsAre("write up", "write up", "write up"));
}

TEST_F(ActionStateTest, ThoughNotForEver) {
    read(*state_, Action::scale_out);
    calls();
    world_.interrupted = 1000;
    EXPECT_TRUE(is_lost(record(*state_, Action::scale_out, 300)));
    EXPECT_THAT(calls(), ElementsAre("write up", "write up", "write up"));
}

TEST_F(ActionStateTest, AConflictOfWhichNothingIsToldIsLost) {
    read(*state_, Action::scale_out);
    world_.put(up, record_text(100, Action::scale_out));
    world_.conflict_untold = true;
    EXPECT_TRUE(is_lost(record(*state_, Action::scale_out, 300)));
}

TEST_F(ActionStateTest, WhatIsMetAndIsNoRecordIsAnothers) {
    read(*state_, Action::scale_out);
    world_.put(up, "no record");
    EXPECT_TRUE(is_lost(record(*state_, Action::scale_out, 300)));
    read(*state_, Action::scale_out);
    world_.items.erase(up);  // nor is nothing
    EXPECT_TRUE(is_lost(record(*state_, Action::scale_out, 300)));
}

// --- what cannot be read or written

const Error denied{.kind = ErrorKind::denied, .message = "denied", .code = "AccessDenied"};

TEST_F(ActionStateTest, WhatCannotBeReadIsUnknownAndAnError) {
    world_.put(down, record_text(200, Action::scale_in));
    world_.unreadable[up] = denied;
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(std::get<Unknown>(past.history.scale_out).why, "denied");
    EXPECT_EQ(told(past.history.scale_in), "200");
    EXPECT_FALSE(past.from_memory);
    ASSERT_EQ(past.errors.size(), 1U);
    EXPECT_EQ(past.errors[0].kind, ErrorKind::denied);

    world_.unreadable[down] = denied;
    const engine::Recollection blind = read(*state_, Action::scale_in);
    EXPECT_EQ(told(blind.history.scale_in), "unknown");
    EXPECT_EQ(blind.errors.size(), 2U);

    world_.unreadable.clear();
    EXPECT_EQ(told(read(*state_, Action::scale_in).history.scale_out), "never");
}

TEST_F(ActionStateTest, OneItemThatCannotBeReadIsOneError) {
    world_.one_item = true;
    state_ = autoscaler();
    world_.unreadable[up] = denied;
    const engine::Recollection past = read(*state_, Action::scale_in);
    EXPECT_EQ(told(past.history.scale_out), "unknown");
    EXPECT_EQ(told(past.history.scale_in), "unknown");
    EXPECT_EQ(past.errors.size(), 1U);
}

TEST_F(ActionStateTest, AClaimReadsWhatItDoesNotKnowAndNeverWritesOverWhatItCannotRead) {
    ASSERT_TRUE(record(*state_, Action::scale_out, 300));
    EXPECT_THAT(calls(), ElementsAre("read up", "answered", "write up"));

    state_ = autoscaler();
    world_.unreadable[up] = denied;
    for (const Action action : {Action::scale_out, Action::scale_in}) {
        const auto claim = record(*state_, action, 400);
        ASSERT_FALSE(claim);
        EXPECT_EQ(claim.error().kind, ErrorKind::denied);
        EXPECT_EQ(claim.error().message, "this action is not recorded: denied");
    }
    EXPECT_EQ(timestamp_of(up), "300");
}

TEST_F(ActionStateTest, AScaleInThatKnowsNothingKeepsWhatThereIs) {
    world_.put(up, record_text(100, Action::scale_out));
    ASSERT_TRUE(record(*state_, Action::scale_in, 300));
    EXPECT_EQ(timestamp_of(up), "100");
    EXPECT_EQ(timestamp_of(down), "300");
}

TEST_F(ActionStateTest, AWriteThatFailsIsAnErrorAndLeavesNothingKnown) {
    for (const std::string& name : {up, down}) {
        world_ = StoredTexts{};
        state_ = autoscaler();
        read(*state_, Action::scale_in);
        world_.unwritable[name] = denied;
        const auto claim = record(*state_, Action::scale_in, 300);
        ASSERT_FALSE(claim);
        EXPECT_EQ(claim.error().kind, ErrorKind::denied);
        EXPECT_EQ(timestamp_of(down), "no record");  // the claim was not won, or not recorded
        EXPECT_FALSE(read(*state_, Action::scale_in).from_memory);
    }
}

// --- what is no record

class Corrupt : public ActionStateTest, public ::testing::WithParamInterface<bool> {
  protected:
    Corrupt() {
        world_.one_item = GetParam();
        state_ = autoscaler();
    }
};

TEST_P(Corrupt, WhatIsNoRecordIsUnknownEachTimeUntilAScaleOutReplacesIt) {
    world_.put(up, "yesterday");
    for (int times = 0; times < 2; ++times) {
        const engine::Recollection past = read(*state_, Action::scale_in);
        EXPECT_EQ(told(past.history.scale_in), "never");
        const auto* unknown = std::get_if<Unknown>(&past.history.scale_out);
        ASSERT_NE(unknown, nullptr);
        EXPECT_THAT(unknown->why, StartsWith("mend up-last-action.json: it is not a record"));
        ASSERT_EQ(past.errors.size(), 1U);
        EXPECT_EQ(past.errors[0].message, unknown->why);
        EXPECT_EQ(past.errors[0].code, "CorruptState");
        EXPECT_FALSE(past.from_memory);
    }
    EXPECT_EQ(told(read(*state_, Action::scale_out).history.scale_out), "unknown");
    ASSERT_TRUE(record(*state_, Action::scale_out, 300));
    const engine::Recollection mended = read(*state_, Action::scale_in);
    EXPECT_EQ(told(mended.history.scale_out), "300");
    EXPECT_THAT(mended.errors, IsEmpty());
}

TEST_P(Corrupt, ALastScaleInThatIsNoRecordIsNoneOfAScaleOutsBusiness) {
    world_.put(up, record_text(100, Action::scale_out));
    world_.put(down, "yesterday");
    const engine::Recollection out = read(*state_, Action::scale_out);
    EXPECT_EQ(told(out.history.scale_out), "100");
    EXPECT_THAT(out.errors, IsEmpty());
    EXPECT_TRUE(read(*state_, Action::scale_out).from_memory);

    for (int times = 0; times < 2; ++times) {
        calls();
        const engine::Recollection back_in = read(*state_, Action::scale_in);
        EXPECT_EQ(told(back_in.history.scale_out), "100");
        EXPECT_EQ(told(back_in.history.scale_in), "unknown");
        EXPECT_EQ(back_in.errors.size(), 1U);
        EXPECT_FALSE(back_in.from_memory);
        EXPECT_EQ(calls().size(), 2U);  // it is read anew: somebody may have mended it
    }
    ASSERT_TRUE(record(*state_, Action::scale_out, 300));
    EXPECT_EQ(world_.item_of(down).texts[down], "yesterday");
}

INSTANTIATE_TEST_SUITE_P(Each, Corrupt, ::testing::Bool());

TEST_F(ActionStateTest, WhatAStoreCannotTurnIntoATextIsCorruptToo) {
    class Foreign final : public VersionedStore {
      public:
        reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope) override {
            Versioned present;
            present.texts.emplace(
                std::move(name),
                Error{.kind = ErrorKind::invalid, .message = "no writer", .code = "CorruptState"});
            co_return present;
        }
        reactor::Task<Result<Written>> write(std::string name, std::string, Version,
                                             reactor::Scope scope) override {
            auto present = co_await read(std::move(name), std::move(scope));
            co_return Written{{}, std::move(*present)};
        }
        bool together(std::string_view, std::string_view) const override { return false; }
        bool is_local() const override { return false; }
        Error unusable(std::string_view, std::string why) const override {
            return {.kind = ErrorKind::invalid, .message = "mend it: " + why, .code = "X"};
        }
    };
    ActionState state{std::make_unique<Foreign>(), TargetIdentity{"prod", "web"}};
    const engine::Recollection past = read(state, Action::scale_out);
    EXPECT_EQ(std::get<Unknown>(past.history.scale_out).why, "mend it: no writer");
    EXPECT_TRUE(is_lost(record(state, Action::scale_out, 300)));
}

}  // namespace
}  // namespace fas::adapters
