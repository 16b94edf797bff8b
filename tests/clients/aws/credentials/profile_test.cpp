// Keys in the shared files, which others replace. What profiles lead to is tests/credentials/'s.
#include "clients/aws/credentials/profile.h"

#include <gtest/gtest.h>

#include "tests/clients/aws/credentials/source_fixture.h"

namespace fas::clients {
namespace {

std::string profile_with(const std::string& access_key) {
    return "[default]\naws_access_key_id = " + access_key + "\naws_secret_access_key = s\n";
}

std::string fetched_key(SourceSurroundings& around, CredentialsSource& source) {
    const auto fetched = around.fetch(source);
    return fetched ? fetched->keys.access_key_id : fetched.error().code;
}

TEST(ProfileSource, ReadsTheFilesAnewEachTime) {
    const TemporaryFile file(profile_with("AKIDFIRST"));
    SourceSurroundings around({{"AWS_SHARED_CREDENTIALS_FILE", file.path()}});
    ProfileSource source(around.parts);
    EXPECT_EQ(fetched_key(around, source), "AKIDFIRST");
    file.write(profile_with("AKIDSECOND"));
    EXPECT_EQ(fetched_key(around, source), "AKIDSECOND");
    file.write("[default]\nno key\n");
    EXPECT_EQ(fetched_key(around, source), "BadConfigFile");
    file.write(profile_with("AKIDTHIRD"));
    EXPECT_EQ(fetched_key(around, source), "AKIDTHIRD");
}

TEST(ProfileSource, SaysThatAFileHasChangedUntilItWasRead) {
    const TemporaryFile file(profile_with("AKIDFIRST"));
    SourceSurroundings around(
        {{"AWS_SHARED_CREDENTIALS_FILE", file.path()}, {"AWS_CONFIG_FILE", file.path() + "2"}});
    ProfileSource source(around.parts);
    EXPECT_EQ(fetched_key(around, source), "AKIDFIRST");
    EXPECT_FALSE(source.changed());
    file.write(profile_with("AKIDSECOND"));
    EXPECT_TRUE(source.changed());
    EXPECT_EQ(fetched_key(around, source), "AKIDSECOND");
    EXPECT_FALSE(source.changed());
    std::ofstream{file.path() + "2"} << "[default]\nregion = eu-west-1\n";
    EXPECT_TRUE(source.changed()) << "the other file, which is new";
    EXPECT_EQ(fetched_key(around, source), "AKIDSECOND");
    std::filesystem::remove(file.path());
    EXPECT_TRUE(source.changed()) << "it is gone";
    EXPECT_EQ(fetched_key(around, source), "NotConfigured");
}

}  // namespace
}  // namespace fas::clients
