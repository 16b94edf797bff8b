// When keys are fetched, who waits for it, and what is given while it fails. The clock and the
// source are the test's own; the reactor is real.
#include "clients/aws/credentials/refreshing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "reactor/when_all.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using Keys = Result<sigv4::Credentials>;

FetchedCredentials keys_until(std::string name, std::optional<TimePoint> expires) {
    return {.keys = {std::move(name), Secret{"secret"}, Secret{"token"}}, .expires = expires};
}

Error outage() {
    return {.kind = ErrorKind::retryable, .message = "nobody answers", .code = "ConnectFailed"};
}

// What a source answers, and when.
struct Script {
    explicit Script(reactor::Reactor& reactor) : go_on(reactor) {}

    Result<FetchedCredentials> answer = outage();
    bool slow = false;  // a fetch lasts until go_on
    reactor::Event go_on;
    int begun = 0;
    int ended = 0;
};

class ScriptedSource final : public CredentialsSource {
  public:
    explicit ScriptedSource(Script& script) : script_(script) {}

    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override {
        ++script_.begun;
        if (script_.slow) {
            const auto waited = co_await script_.go_on.wait(std::move(scope));
            if (!waited) co_return waited.error();
        }
        ++script_.ended;
        co_return script_.answer;
    }

  private:
    Script& script_;
};

// The name of the keys that a get() gave, or the code of its error.
std::string name_of(const Keys& keys) {
    return keys ? keys->access_key_id : "error " + keys.error().code;
}

class RefreshingTest : public ::testing::Test {
  protected:
    ~RefreshingTest() override { std::fclose(log_file_); }

    std::string get() { return name_of(reactor_.run(credentials_->get(scope_))); }

    void source_has(const std::string& name, std::optional<Milliseconds> lifetime) {
        std::optional<TimePoint> expires;
        if (lifetime) expires = clock_.time + *lifetime;
        script_.answer = keys_until(name, expires);
    }
    void source_fails() { script_.answer = outage(); }

    // Keys of an hour, of which so much is left.
    void hold_keys_with(Milliseconds left) {
        source_has("OLD", hours{1});
        ASSERT_EQ(get(), "OLD");
        clock_.time += hours{1} - left;
    }

    // Ends the fetch that is going on.
    void go_on() { reactor_.run(go_on_and_settle(*this)); }

    static reactor::Task<int> go_on_and_settle(RefreshingTest& test) {
        const int before = test.script_.ended;
        test.script_.go_on.notify_all();
        while (test.script_.ended == before) co_await test.reactor_.yield();
        co_return test.script_.ended;
    }

    // What so many callers get who ask while a fetch goes on.
    std::vector<std::string> get_and_go_on(int callers) {
        std::vector<reactor::Task<Keys>> gets;
        for (int i = 0; i < callers; ++i) gets.push_back(credentials_->get(scope_));
        return reactor_.run(all_and_go_on(*this, std::move(gets)));
    }

    static reactor::Task<std::vector<std::string>> all_and_go_on(
        RefreshingTest& test, std::vector<reactor::Task<Keys>> gets) {
        auto [given, ended] =
            co_await reactor::when_all(reactor::when_all(std::move(gets)), go_on_and_settle(test));
        std::vector<std::string> names;
        for (const Keys& keys : given) names.push_back(name_of(keys));
        co_return names;
    }

    std::string logged() const {
        std::string text(std::size_t{64} << 10U, '\0');
        std::rewind(log_file_);
        text.resize(std::fread(text.data(), 1, text.size(), log_file_));
        return text;
    }

    reactor::Reactor reactor_;
    HandClock clock_;
    std::FILE* log_file_ = std::tmpfile();
    Logger log_{LogLevel::warning, log_file_};
    Script script_{reactor_};
    std::unique_ptr<RefreshingCredentials> credentials_ = std::make_unique<RefreshingCredentials>(
        std::make_unique<ScriptedSource>(script_), reactor_, clock_, log_);
    reactor::Scope scope_ = reactor::Scope{}.within(seconds{60});
};

TEST_F(RefreshingTest, FetchesOnceAndKeepsTheKeysWhileTheyAreFresh) {
    source_has("FIRST", hours{1});
    EXPECT_EQ(get(), "FIRST");
    clock_.time += minutes{44};
    EXPECT_EQ(get(), "FIRST");
    EXPECT_EQ(script_.begun, 1);
}

TEST_F(RefreshingTest, KeysThatDoNotExpireAreNeverFetchedAgain) {
    source_has("FIRST", std::nullopt);
    EXPECT_EQ(get(), "FIRST");
    clock_.time += hours{100'000};
    EXPECT_EQ(get(), "FIRST");
    EXPECT_EQ(script_.begun, 1);
}

TEST_F(RefreshingTest, AHundredCallersAtOnceAreOneFetch) {
    source_has("FIRST", hours{1});
    script_.slow = true;
    EXPECT_THAT(get_and_go_on(100), AllOf(SizeIs(100), Each("FIRST")));
    EXPECT_EQ(script_.begun, 1);
}

TEST_F(RefreshingTest, With15MinutesLeftTheRefreshIsInTheBackground) {
    hold_keys_with(minutes{15});
    source_has("NEW", hours{1});
    script_.slow = true;
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(get(), "OLD") << "while it goes on";
    EXPECT_EQ(script_.begun, 2);
    go_on();
    EXPECT_EQ(get(), "NEW");
    EXPECT_EQ(script_.begun, 2);
}

TEST_F(RefreshingTest, ABackgroundRefreshThatFailsIsOnlyLogged) {
    hold_keys_with(minutes{15});
    source_fails();
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 2);
    EXPECT_THAT(logged(), AllOf(HasSubstr("nobody answers"), HasSubstr("\"expired\":false")));
    EXPECT_EQ(get(), "OLD");
}

TEST_F(RefreshingTest, ARefreshThatHangsHoldsUpNobodyWhileTheKeysAreGood) {
    hold_keys_with(seconds{1});
    script_.slow = true;
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 2);
}

TEST_F(RefreshingTest, OnceTheyHaveExpiredCallersWaitForTheRefresh) {
    hold_keys_with(seconds{0});
    source_has("NEW", hours{1});
    script_.slow = true;
    EXPECT_THAT(get_and_go_on(1), ElementsAre("NEW"));
}

TEST_F(RefreshingTest, ARefreshThatWasStartedEarlyIsJoinedWhenItMattersMore) {
    hold_keys_with(minutes{15});
    source_has("NEW", hours{1});
    script_.slow = true;
    EXPECT_EQ(get(), "OLD");
    clock_.time += minutes{15};
    EXPECT_THAT(get_and_go_on(1), ElementsAre("NEW"));
    EXPECT_EQ(script_.begun, 2);
}

TEST_F(RefreshingTest, AWaitedRefreshThatFailsLeavesTheOldKeys) {
    hold_keys_with(seconds{0});
    source_fails();
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 2);
}

TEST_F(RefreshingTest, ExpiredKeysAreGivenWhileTheyCannotBeReplaced) {
    hold_keys_with(seconds{-1});
    source_fails();
    EXPECT_EQ(get(), "OLD");
    EXPECT_THAT(logged(), HasSubstr("\"expired\":true"));
    source_has("NEW", hours{1});
    clock_.time += seconds{1};
    EXPECT_EQ(get(), "NEW");
}

TEST_F(RefreshingTest, FailingRefreshesAreSpacedOutUpToFiveMinutes) {
    hold_keys_with(minutes{15});
    source_fails();
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 2);
    clock_.time += Milliseconds{499};
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 2) << "after half of the first pause there is no other yet";

    for (int failures = 1; failures < 20; ++failures) {
        clock_.time += minutes{5};
        EXPECT_EQ(get(), "OLD");
        EXPECT_EQ(script_.begun, 2 + failures) << "no pause is longer than five minutes";
    }
    clock_.time += seconds{149};
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 21) << "and the last ones no shorter than half of that";
}

TEST_F(RefreshingTest, ARefreshThatSucceedsEndsTheSpacing) {
    hold_keys_with(minutes{15});
    source_fails();
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(get(), "OLD");
        clock_.time += minutes{5};
    }
    hold_keys_with(minutes{15});
    source_fails();
    const int before = script_.begun;
    EXPECT_EQ(get(), "OLD");
    clock_.time += seconds{1};
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, before + 2) << "the first pause is a second again";
}

TEST_F(RefreshingTest, AClockThatIsSetBackDoesNotStopRefreshes) {
    hold_keys_with(minutes{5});
    source_fails();
    EXPECT_EQ(get(), "OLD");
    clock_.time -= minutes{1};
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 3);
}

TEST_F(RefreshingTest, KeysThatAreShortLivedFromTheStartAreNotFetchedForEveryCall) {
    source_has("SHORT", minutes{15});
    EXPECT_EQ(get(), "SHORT");
    EXPECT_EQ(get(), "SHORT");
    EXPECT_EQ(get(), "SHORT");
    EXPECT_EQ(script_.begun, 1);
    source_has("SHORT2", minutes{15});
    clock_.time += seconds{1};
    EXPECT_EQ(get(), "SHORT2");
    EXPECT_EQ(script_.begun, 2);
}

TEST_F(RefreshingTest, WithoutKeysEveryCallTriesAndHasTheSourcesError) {
    EXPECT_EQ(get(), "error ConnectFailed");
    EXPECT_EQ(get(), "error ConnectFailed");
    EXPECT_EQ(script_.begun, 2);
    EXPECT_EQ(logged(), "") << "the error is the caller's to tell";
    source_has("FIRST", hours{1});
    EXPECT_EQ(get(), "FIRST");
}

TEST_F(RefreshingTest, ACallerThatLeavesDoesNotEndTheRefresh) {
    source_has("FIRST", hours{1});
    script_.slow = true;
    const auto keys = reactor_.run(credentials_->get(reactor::Scope{}.within(Milliseconds{5})));
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, ErrorKind::cancelled);
    go_on();
    EXPECT_EQ(get(), "FIRST");
    EXPECT_EQ(script_.begun, 1);
}

TEST_F(RefreshingTest, TheEndOfARefreshsOwnTimeIsNoCancellation) {
    script_.answer = Error{.kind = ErrorKind::cancelled, .code = "DeadlinePassed"};
    const auto keys = reactor_.run(credentials_->get(scope_));
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, ErrorKind::retryable);
    EXPECT_EQ(keys.error().code, "CredentialsTimeout");
}

TEST_F(RefreshingTest, RefusedKeysAreFetchedAnew) {
    hold_keys_with(minutes{50});
    source_has("NEW", hours{1});
    credentials_->refused(keys_until("OLD", {}).keys);
    EXPECT_EQ(get(), "NEW");
    EXPECT_EQ(get(), "NEW");
    EXPECT_EQ(script_.begun, 2);
}

TEST_F(RefreshingTest, KeysThatWereReplacedBeforeTheRefusalCameAreNotFetchedAgain) {
    hold_keys_with(minutes{50});
    credentials_->refused(keys_until("OLDER", {}).keys);
    EXPECT_EQ(get(), "OLD");
    EXPECT_EQ(script_.begun, 1);
}

TEST_F(RefreshingTest, RefusedKeysThatCannotBeReplacedAreAnErrorUntilTheyCan) {
    hold_keys_with(minutes{50});
    source_fails();
    credentials_->refused(keys_until("OLD", {}).keys);
    EXPECT_EQ(get(), "error ConnectFailed");
    EXPECT_EQ(get(), "error ConnectFailed");
    EXPECT_EQ(script_.begun, 3);
    source_has("NEW", hours{1});
    EXPECT_EQ(get(), "NEW");
}

TEST_F(RefreshingTest, ItCanBeDestroyedDuringARefresh) {
    hold_keys_with(minutes{15});
    script_.slow = true;
    EXPECT_EQ(get(), "OLD");
    ASSERT_EQ(script_.begun, 2);
    credentials_.reset();
    script_.go_on.notify_all();
    EXPECT_TRUE(reactor_.run(reactor_.sleep_for(Milliseconds{1}, scope_)));
    EXPECT_EQ(script_.ended, 1);
}

}  // namespace
}  // namespace fas::clients
