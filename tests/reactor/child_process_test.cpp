#include "reactor/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "reactor/background.h"
#include "reactor/when_all.h"
#include "tests/reactor/open_descriptors.h"

namespace fas::reactor {
namespace {

using test::open_descriptors;

// Neither a process nor a zombie is left of this one.
bool has_no_children() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

class ChildProcessTest : public testing::Test {
  protected:
    // None of the tests leaves anything behind, however it ends.
    void TearDown() override {
        EXPECT_TRUE(has_no_children());
        EXPECT_EQ(open_descriptors(), descriptors_);
    }

    Result<ChildOutput> run(std::vector<std::string> arguments, Scope scope = {},
                            std::size_t out_bytes_max = 100'000) {
        return reactor_.run(
            run_child(reactor_, std::move(arguments), out_bytes_max, std::move(scope)));
    }

    Result<ChildOutput> shell(std::string script) { return run({"sh", "-c", std::move(script)}); }

    Reactor reactor_;
    const std::size_t descriptors_ = start_and_count();

  private:
    // The loop opens what it keeps for its children with the first of them.
    std::size_t start_and_count() {
        EXPECT_TRUE(run({"true"}));
        return open_descriptors();
    }
};

TEST_F(ChildProcessTest, GivesWhatAProgramPrinted) {
    const auto result = run({"printf", "%s|", "one", "two  three", "", "$HOME"});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->out, "one|two  three||$HOME|");
    EXPECT_EQ(result->exit_status, 0);
}

TEST_F(ChildProcessTest, GivesTheStatusOfTheExit) {
    EXPECT_EQ(shell("exit 3")->exit_status, 3);
    EXPECT_EQ(shell("kill -TERM $$")->exit_status, 128 + SIGTERM);
}

TEST_F(ChildProcessTest, GivesWhatWasPrintedBeforeAFailure) {
    const auto result = shell("echo before; exit 1");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->out, "before\n");
    EXPECT_EQ(result->exit_status, 1);
}

TEST_F(ChildProcessTest, TakesAsMuchOutputAsAllowed) {
    const auto result = run({"head", "-c", "100000", "/dev/zero"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->out, std::string(100'000, '\0'));
}

TEST_F(ChildProcessTest, RefusesMoreOutputThanAllowed) {
    for (const char* size : {"100001", "100000000000"}) {
        const auto result = run({"head", "-c", size, "/dev/zero"});
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::invalid);
        EXPECT_EQ(result.error().code, "OutputTooLarge");
        EXPECT_EQ(result.error().message, "head prints more than 100000 bytes");
    }
}

TEST_F(ChildProcessTest, WaitsForOutputThatComesAfterTheExit) {
    const auto result =
        shell("(while kill -0 $$ 2>/dev/null; do :; done; echo late) & echo early; exit 2");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->out, "early\nlate\n");
    EXPECT_EQ(result->exit_status, 2);
}

TEST_F(ChildProcessTest, CannotStartAProgramThatIsNotThere) {
    const auto result = run({"no-such-program", "--password=secret"});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::invalid);
    EXPECT_EQ(result.error().code, "CannotStart");
    EXPECT_EQ(result.error().message, "cannot start no-such-program: no such file or directory");
}

TEST_F(ChildProcessTest, CannotStartWhatIsNoProgram) {
    EXPECT_EQ(run({"/"}).error().message, "cannot start /: permission denied");
    EXPECT_EQ(run({}).error().message, "cannot start a program: the command is empty");
    EXPECT_EQ(run({""}).error().message, "cannot start a program: the command is empty");
    EXPECT_EQ(run({"echo", std::string("a\0b", 3)}).error().message,
              "cannot start a program: the command holds a NUL character");
}

TEST_F(ChildProcessTest, GivesTheProgramNothingToReadAndItsOwnEnvironment) {
    ::setenv("FAS_CHILD_TEST", "inherited", 1);
    EXPECT_EQ(shell("cat; echo $FAS_CHILD_TEST; readlink /proc/self/fd/0")->out,
              "inherited\n/dev/null\n");
    ::unsetenv("FAS_CHILD_TEST");
}

TEST_F(ChildProcessTest, LetsTheProgramOpenItsOutputByName) {
    EXPECT_EQ(shell("echo hello >/dev/stdout")->out, "hello\n");
}

TEST_F(ChildProcessTest, PassesNoDescriptorOnButTheThree) {
    const int open = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC, as libraries do
    const auto result = shell(
        fmt::format("for i in 0 1 2 {}; do test -e /proc/$$/fd/$i && echo $i; done; exit 0", open));
    EXPECT_EQ(result->out, "0\n1\n2\n");
    ::close(open);
}

TEST_F(ChildProcessTest, KillsTheProgramWhenTheDeadlinePasses) {
    const auto result = run({"sleep", "3600"}, Scope().within(Milliseconds(5)));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(result.error().code, "DeadlinePassed");
    EXPECT_EQ(result.error().message, "deadline passed while running sleep");
    EXPECT_TRUE(has_no_children());
}

TEST_F(ChildProcessTest, KillsAProgramThatIgnoresSignals) {
    const auto result = run({"sh", "-c", "trap '' TERM INT; while :; do :; done"},
                            Scope().within(Milliseconds(50)));
    EXPECT_EQ(result.error().code, "DeadlinePassed");
    EXPECT_TRUE(has_no_children());
}

TEST_F(ChildProcessTest, StartsNothingWhenTheScopeIsOver) {
    const auto file = std::filesystem::temp_directory_path() /
                      fmt::format("fas-child-test-{}", static_cast<int>(::getpid()));
    std::stop_source source;
    source.request_stop();
    const auto result = run({"touch", file}, Scope{.stop = source.get_token()});
    EXPECT_EQ(result.error().message, "stopped while running touch");
    EXPECT_FALSE(std::filesystem::exists(file));
}

Task<void> run_and_forget(Reactor& reactor, std::vector<std::string> arguments) {
    std::ignore = co_await run_child(reactor, std::move(arguments), 100, Scope());
}

TEST_F(ChildProcessTest, KillsTheProgramWhenItsTaskIsDestroyed) {
    std::optional<Background> background(std::in_place);
    background->start(run_and_forget(reactor_, {"sleep", "3600"}));
    EXPECT_FALSE(has_no_children());
    background.reset();
    EXPECT_TRUE(has_no_children());
}

TEST_F(ChildProcessTest, ReapsAProgramThatEndedUnnoticedBeforeItsTaskIsDestroyed) {
    std::optional<Background> background(std::in_place);
    background->start(run_and_forget(reactor_, {"true"}));
    siginfo_t ended{};
    ASSERT_EQ(::waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT), 0);  // leaves it for its owner
    background.reset();
    EXPECT_TRUE(has_no_children());
}

TEST_F(ChildProcessTest, RunsManyAtTheSameTime) {
    std::vector<Task<Result<ChildOutput>>> tasks;
    for (int i = 0; i < 10; ++i) {
        tasks.push_back(run_child(reactor_, {"echo", std::to_string(i)}, 100, Scope()));
    }
    tasks.push_back(run_child(reactor_, {"sleep", "3600"}, 100, Scope().within(Milliseconds(50))));
    const auto results = reactor_.run(when_all(std::move(tasks)));
    for (std::size_t i = 0; i < 10; ++i) {
        ASSERT_TRUE(results[i]);
        EXPECT_EQ(results[i]->out, std::to_string(i) + "\n");
    }
    EXPECT_EQ(results[10].error().code, "DeadlinePassed");
}

}  // namespace
}  // namespace fas::reactor
