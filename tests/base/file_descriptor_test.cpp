#include "base/file_descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

namespace fas {
namespace {

bool is_open(int number) { return ::fcntl(number, F_GETFD) >= 0; }

TEST(FileDescriptor, IsClosedWithItsLastOwner) {
    int number = -1;
    {
        FileDescriptor first{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
        number = first.get();
        const FileDescriptor second = std::move(first);
        EXPECT_EQ(second.get(), number);
        EXPECT_TRUE(second.is_open());
        EXPECT_TRUE(is_open(number));
    }
    EXPECT_FALSE(is_open(number));
}

TEST(FileDescriptor, IsNoneWhereTheSystemGaveNone) {
    const FileDescriptor none{::open("/nowhere/at/all", O_RDONLY | O_CLOEXEC)};
    EXPECT_EQ(last_system_error(), std::errc::no_such_file_or_directory);
    EXPECT_FALSE(none.is_open());
}

TEST(FileDescriptor, SaysThatTheDiskIsFull) {
    const FileDescriptor full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
    EXPECT_EQ(write_to_disk(full, "text"), std::errc::no_space_on_device);
}

}  // namespace
}  // namespace fas
