#include "app/watchdog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

namespace fas::app {
namespace {

class WatchdogTest : public ::testing::Test {
  protected:
    WatchdogTest() { EXPECT_EQ(::pipe(ends_.data()), 0); }
    ~WatchdogTest() override {
        for (const int end : ends_) ::close(end);
    }

    // Blocks this thread, which is the loop's.
    std::string line() {
        std::string text;
        for (char c = ' '; c != '\n' && ::read(ends_[0], &c, 1) == 1;) text += c;
        return text;
    }

    std::array<int, 2> ends_{-1, -1};
    reactor::Reactor reactor_;
};

TEST_F(WatchdogTest, SaysThatTheLoopStandsStillAndThatItTurnsAgain) {
    Output err{ends_[1], 4'096};
    std::stop_source stop;
    Watchdog watchdog{reactor_, err, ServiceManager{[](const char*) { return std::nullopt; }},
                      Milliseconds{40}};
    EXPECT_THAT(line(), testing::HasSubstr("the loop has not turned"));
    const reactor::Scope scope = reactor::Scope{}.within(Milliseconds{200});
    EXPECT_TRUE(reactor_.run(watchdog.beat(scope)));
    EXPECT_THAT(line(), testing::HasSubstr("the loop turns again"));
}

}  // namespace
}  // namespace fas::app
