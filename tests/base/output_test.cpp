#include "base/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

namespace fas {
namespace {

constexpr Milliseconds patience{60'000};

// A pipe that takes 4096 bytes without a reader.
class OutputTest : public ::testing::Test {
  protected:
    OutputTest() {
        EXPECT_EQ(::pipe(ends_.data()), 0);
        EXPECT_EQ(::fcntl(ends_[1], F_SETPIPE_SZ, 4096), 4096);
        std::signal(SIGPIPE, SIG_IGN);
    }
    ~OutputTest() override {
        close_reader();
        ::close(ends_[1]);
    }

    int writer() const { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0) ::close(ends_[0]);
        ends_[0] = -1;
    }
    std::string read(std::size_t count) {
        std::string text(count, '\0');
        std::size_t had = 0;
        while (had < count) {
            had += static_cast<std::size_t>(::read(ends_[0], text.data() + had, count - had));
        }
        return text;
    }

  private:
    std::array<int, 2> ends_{-1, -1};
};

std::string line_of(std::size_t bytes) { return std::string(bytes - 1, 'x') + "\n"; }

TEST_F(OutputTest, WritesInOrder) {
    Output output{writer(), 1'000};
    output.write("a\n");
    output.write("b\n");
    EXPECT_TRUE(output.wait(patience));
    EXPECT_EQ(read(4), "a\nb\n");
    EXPECT_FALSE(output.failed());
}

TEST_F(OutputTest, DropsWhatNobodyReadsAndCountsItOnceItIsReadAgain) {
    Output output{writer(), 8'000};
    output.write(line_of(6'000));
    output.write(line_of(2'000));
    output.write("dropped\n");
    output.write("two\ndropped\n");
    EXPECT_FALSE(output.wait(Milliseconds{0}));
    EXPECT_EQ(output.take_dropped(), 0);  // it could not be said
    EXPECT_EQ(read(8'000), line_of(6'000) + line_of(2'000));
    EXPECT_TRUE(output.wait(patience));
    output.write("again\n");
    EXPECT_TRUE(output.wait(patience));
    EXPECT_EQ(output.take_dropped(), 3);
    EXPECT_EQ(output.take_dropped(), 0);
    EXPECT_EQ(read(6), "again\n");
}

TEST_F(OutputTest, IsDestroyedWhileItsWriteHangs) {
    {
        Output output{writer(), 8'000};
        output.write(line_of(6'000));
        EXPECT_FALSE(output.wait(Milliseconds{1}));
    }
    EXPECT_EQ(read(6'000), line_of(6'000));  // lets the thread go
}

TEST_F(OutputTest, SaysWhyNothingCanBeWritten) {
    close_reader();
    Output output{writer(), 1'000};
    output.write("lost\n");
    EXPECT_TRUE(output.wait(patience));
    EXPECT_TRUE(output.failed());
    EXPECT_EQ(output.error(), std::errc::broken_pipe);
    EXPECT_EQ(output.take_dropped(), 0);  // nothing can be said of it yet
}

TEST_F(OutputTest, WaitsForTheReaderOfADescriptorThatDoesNotWait) {
    ASSERT_EQ(::fcntl(writer(), F_SETFL, O_NONBLOCK), 0);
    Output output{writer(), 8'000};
    output.write(line_of(6'000));
    EXPECT_EQ(read(6'000), line_of(6'000));
    EXPECT_TRUE(output.wait(patience));
    EXPECT_FALSE(output.failed());
}

}  // namespace
}  // namespace fas
