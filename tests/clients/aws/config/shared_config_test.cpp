// Reads real files, in a folder of the test's own.
#include "clients/aws/config/shared_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SharedConfigTest : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = ::testing::TempDir() + "shared-config-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        home_ = name;
        std::filesystem::create_directory(home_ / ".aws");
    }
    void TearDown() override { std::filesystem::remove_all(home_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream{home_ / ".aws" / name} << text;
    }

    Result<SharedConfig> load(Variables variables = {}) const {
        variables.insert({"HOME", home_.string()});
        return SharedConfig::load(environment_of(std::move(variables)));
    }

    std::filesystem::path home_;
};

TEST_F(SharedConfigTest, FilesThatAreNotThereAreEmpty) {
    const auto files = load();
    ASSERT_TRUE(files);
    EXPECT_TRUE(files->profiles.empty());
}

TEST_F(SharedConfigTest, ReadsBothFilesOfTheHomeDirectory) {
    write("config", "[profile dev]\nregion = eu-west-1\naws_access_key_id = FROMCONFIG\n");
    write("credentials", "[dev]\naws_access_key_id = FROMCREDENTIALS\n");
    const auto files = load();
    ASSERT_TRUE(files);
    const ConfigValues& dev = files->profiles.at("dev").values;
    EXPECT_EQ(dev.at("region"), "eu-west-1");
    EXPECT_EQ(dev.at("aws_access_key_id"), "FROMCREDENTIALS");
}

TEST_F(SharedConfigTest, VariablesNameOtherFiles) {
    write("elsewhere", "[default]\nregion = eu-north-1\n");
    for (const std::string& path :
         {home_.string() + "/.aws/elsewhere", std::string{"~/.aws/elsewhere"}}) {
        const auto files = load({{"AWS_CONFIG_FILE", path}});
        ASSERT_TRUE(files);
        EXPECT_EQ(files->profiles.at("default").values.at("region"), "eu-north-1");
    }
}

TEST_F(SharedConfigTest, TellsTheKindsOfSectionsApart) {
    write(
        "config",
        "[default]\na = 1\n[profile default]\na = 2\n[profile \"my own\"]\n[dev]\n"
        "[sso-session corp]\nsso_region = eu-west-1\n[services local]\nsqs =\n  endpoint_url = x\n"
        "[profiled]\n");
    const auto files = load();
    ASSERT_TRUE(files);
    EXPECT_EQ(files->profiles.at("default").values.at("a"), "2");
    EXPECT_TRUE(files->profiles.contains("my own"));
    EXPECT_EQ(files->profiles.size(), 2U) << "[dev] is no profile in this file";
    EXPECT_EQ(files->sso_sessions.at("corp").values.at("sso_region"), "eu-west-1");
    EXPECT_EQ(files->services.at("local").nested.at("sqs").at("endpoint_url"), "x");
}

TEST_F(SharedConfigTest, AWrongLineIsNamedWithItsFileButNotQuoted) {
    write("credentials", "[default]\naws_secret_access_key hunter2\n");
    const auto files = load();
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().kind, ErrorKind::invalid);
    EXPECT_THAT(files.error().message, HasSubstr("/.aws/credentials"));
    EXPECT_THAT(files.error().message, HasSubstr("line 2"));
    EXPECT_THAT(files.error().message, Not(HasSubstr("hunter2")));
}

TEST_F(SharedConfigTest, AFolderInPlaceOfAFileIsAnError) {
    const auto files = load({{"AWS_CONFIG_FILE", home_.string()}});
    ASSERT_FALSE(files);
    EXPECT_THAT(files.error().message, HasSubstr("cannot be used"));
}

}  // namespace
}  // namespace fas::clients
