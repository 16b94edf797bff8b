#include "base/log.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fas {
namespace {

class Log : public ::testing::Test {
  protected:
    std::string written() {
        std::rewind(file_.get());
        std::string text(4096, '\0');
        text.resize(std::fread(text.data(), 1, text.size(), file_.get()));
        return text;
    }

    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), &std::fclose};
};

TEST_F(Log, WritesOneObjectALine) {
    Logger log{LogLevel::info, file_.get()};
    log.write(LogLevel::error, "two\nlines", {{"target", "c/s"}, {"tasks", std::int64_t{3}}});
    const std::string text = written();
    EXPECT_NE(text.find(R"("level":"error","message":"two\nlines","target":"c/s","tasks":3})"),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST_F(Log, LeavesOutWhatIsBelowTheThreshold) {
    Logger log{LogLevel::warning, file_.get()};
    log.write(LogLevel::info, "quiet", {});
    EXPECT_EQ(written(), "");
}

}  // namespace
}  // namespace fas
