#include "base/read_file.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace fas {
namespace {

class ReadFile : public ::testing::Test {
  protected:
    ReadFile() {
        std::string pattern = std::filesystem::temp_directory_path() / "read-file-XXXXXX";
        folder_ = mkdtemp(pattern.data());
    }
    ~ReadFile() override { std::filesystem::remove_all(folder_); }

    std::string file_of(const std::string& text) {
        std::string path = folder_ / "file";
        std::FILE* file = std::fopen(path.c_str(), "wb");
        EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
        std::fclose(file);
        return path;
    }

    std::filesystem::path folder_;
};

TEST_F(ReadFile, GivesEveryByte) {
    using namespace std::string_literals;
    for (const std::string& text :
         {""s, "one line\n"s, "\0 and \r\n"s, std::string(200'000, 'x')}) {
        EXPECT_EQ(read_file(file_of(text), 200'000), text);
    }
}

TEST_F(ReadFile, ReadsUpToTheLimitAndNoFurther) {
    for (const std::size_t limit : {0U, 10U, 65'535U, 65'536U}) {
        const std::string text(limit, 'x');
        EXPECT_EQ(read_file(file_of(text), limit), text);
        EXPECT_EQ(read_file(file_of(text + "y"), limit).error(), std::errc::file_too_large);
    }
}

TEST_F(ReadFile, SaysWhatTheSystemSays) {
    EXPECT_EQ(read_file(folder_ / "none", 10).error(), std::errc::no_such_file_or_directory);
    EXPECT_EQ(read_file(folder_, 10).error(), std::errc::is_a_directory);
    EXPECT_EQ(read_file(file_of("") + "/below", 10).error(), std::errc::not_a_directory);
}

TEST_F(ReadFile, WaitsForNothingThatIsNoFile) {
    const std::string pipe = folder_ / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string socket_path = folder_ / "socket";
    socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    for (const std::string& path : {pipe, socket_path, std::string{"/dev/zero"}}) {
        const auto read = read_file(path, 10);
        ASSERT_FALSE(read) << path;
        EXPECT_EQ(read.error().message(), "it is no regular file but a pipe, a socket or a device");
    }
    ::close(socket);
    EXPECT_EQ(read_file("/dev/null", 10), "");
}

}  // namespace
}  // namespace fas
