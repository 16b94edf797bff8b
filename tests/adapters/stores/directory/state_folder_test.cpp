// Against a real folder.
#include "adapters/stores/directory/state_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace fas::adapters {
namespace {

namespace files = std::filesystem;

class StateFolderTest : public ::testing::Test {
  protected:
    StateFolderTest() {
        std::string pattern = files::temp_directory_path() / "state-folder-XXXXXX";
        root_ = mkdtemp(pattern.data());
    }
    ~StateFolderTest() override { files::remove_all(root_); }

    void write(const files::path& name, std::string_view text) {
        std::ofstream(root_ / name, std::ios::binary) << text;
    }

    static std::string permissions(const files::path& path) {
        return std::to_string(static_cast<unsigned>(files::status(path).permissions()));
    }

    files::path root_;
};

TEST_F(StateFolderTest, MakesWhatIsMissingForThisUserAlone) {
    const StateFolder folder(root_ / "a" / "b");
    const auto lock = folder.try_lock();
    ASSERT_TRUE(lock) << lock.error().message();
    EXPECT_FALSE(folder.replace(*lock, "file", "text"));
    EXPECT_EQ(folder.read("file"), "text");
    EXPECT_EQ(permissions(root_ / "a"), std::to_string(0700));
    EXPECT_EQ(permissions(root_ / "a" / "b"), std::to_string(0700));
    EXPECT_EQ(permissions(root_ / "a" / "b" / "file"), std::to_string(0600));
    EXPECT_EQ(permissions(root_ / "a" / "b" / "lock"), std::to_string(0600));
}

TEST_F(StateFolderTest, ReadingMakesNothing) {
    EXPECT_EQ(StateFolder(root_ / "none").read("file"), std::nullopt);
    EXPECT_EQ(StateFolder(root_).read("file"), std::nullopt);
    EXPECT_TRUE(files::is_empty(root_));
}

TEST_F(StateFolderTest, OneAtATimeHoldsTheLock) {
    const StateFolder one(root_);
    const StateFolder other(root_);
    {
        const auto lock = one.try_lock();
        ASSERT_TRUE(lock);
        EXPECT_EQ(other.try_lock().error(), std::errc::operation_would_block);
    }
    EXPECT_TRUE(other.try_lock());
}

TEST_F(StateFolderTest, WhatACrashLeftIsNeverReadAndGoes) {
    write("unfinished", "half of");
    write("file", "old");
    const StateFolder folder(root_);
    EXPECT_EQ(folder.read("file"), "old");
    const auto lock = folder.try_lock();
    ASSERT_TRUE(lock);
    EXPECT_FALSE(folder.replace(*lock, "file", "new"));
    EXPECT_EQ(folder.read("file"), "new");
    EXPECT_FALSE(files::exists(root_ / "unfinished"));
}

TEST_F(StateFolderTest, FollowsNoLinkThatSomebodyLaid) {
    write("elsewhere", "untouched");
    files::create_symlink(root_ / "elsewhere", root_ / "unfinished");
    const StateFolder folder(root_);
    {
        const auto lock = folder.try_lock();
        ASSERT_TRUE(lock);
        EXPECT_FALSE(folder.replace(*lock, "file", "new"));
    }
    EXPECT_EQ(folder.read("elsewhere"), "untouched");
    files::remove(root_ / "lock");
    files::create_symlink(root_ / "elsewhere", root_ / "lock");
    EXPECT_EQ(folder.try_lock().error(), std::errc::too_many_symbolic_link_levels);
}

TEST_F(StateFolderTest, WhatIsNoPlainFileIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo((root_ / "file").c_str(), 0600), 0);
    EXPECT_EQ(StateFolder(root_).read("file").error(), std::errc::invalid_argument);
}

TEST_F(StateFolderTest, SaysWhatTheSystemSays) {
    write("file", std::string(600'000, 'x'));
    EXPECT_EQ(StateFolder(root_).read("file").error(), std::errc::file_too_large);
    EXPECT_EQ(StateFolder(root_ / "file").try_lock().error(), std::errc::not_a_directory);
    EXPECT_EQ(StateFolder(root_ / "file" / "a").try_lock().error(), std::errc::not_a_directory);
}

TEST(FolderName, OfAnOrdinaryNameIsTheName) {
    for (const char* name : {"prod", "web-1", "my_service", "a.b", "A"}) {
        EXPECT_EQ(as_folder_name(name), name);
    }
}

TEST(FolderName, LeadsNowhereElse) {
    EXPECT_EQ(as_folder_name("a/b"), "a%2Fb");
    EXPECT_EQ(as_folder_name("/"), "%2F");
    EXPECT_EQ(as_folder_name("."), "%2E");
    EXPECT_EQ(as_folder_name(".."), "%2E.");
    EXPECT_EQ(as_folder_name("../x"), "%2E.%2Fx");
    EXPECT_EQ(as_folder_name(""), "%");
    EXPECT_EQ(as_folder_name(std::string_view{"\0", 1}), "%00");
    EXPECT_EQ(as_folder_name("arn:aws:ecs"), "arn%3Aaws%3Aecs");
}

TEST(FolderName, NoTwoTextsShareOne) {
    const std::string longest(199, 'x');
    std::set<std::string> names;
    int count = 0;
    for (const std::string& text :
         {std::string{""}, std::string{"%"}, std::string{"a/b"}, std::string{"a%2Fb"},
          std::string{"."}, std::string{"%2E"}, longest, longest + "x", longest + "xx",
          longest + "x%/x", longest + "x%2Fx", longest + "x/x", longest + "x.", longest + "%x"}) {
        names.insert(as_folder_name(text));
        ++count;
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(count));
}

TEST_F(StateFolderTest, ANameOfAnyLengthIsOneThatCanBeMade) {
    const std::string name(700, ':');
    const StateFolder folder(root_ / as_folder_name(name));
    const auto lock = folder.try_lock();
    ASSERT_TRUE(lock) << lock.error().message();
    EXPECT_FALSE(folder.replace(*lock, "file", "text"));
    EXPECT_EQ(folder.read("file"), "text");
}

}  // namespace
}  // namespace fas::adapters
