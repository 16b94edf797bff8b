#include "clients/aws/config/aws_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/aws/config/ini.h"
#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using ::testing::HasSubstr;

SharedConfig files_with(std::map<std::string, std::string> profiles, std::string services = "") {
    SharedConfig files;
    for (const auto& [name, text] : profiles) {
        files.profiles[name] = parse_ini("[x]\n" + text)->at("x");
    }
    if (!services.empty()) files.services["local"] = parse_ini("[x]\n" + services)->at("x");
    return files;
}

AwsSettings made(Variables variables, SharedConfig files,
                 const std::optional<std::string>& profile = std::nullopt) {
    auto settings =
        AwsSettings::make(environment_of(std::move(variables)), std::move(files), profile);
    EXPECT_TRUE(settings) << settings.error().message;
    return std::move(*settings);
}

TEST(AwsSettings, TheGivenProfileWinsOverTheVariableAndThatOverDefault) {
    const SharedConfig files = files_with({{"default", ""}, {"dev", ""}, {"ops", ""}});
    EXPECT_EQ(made({}, files).profile_name(), "default");
    EXPECT_EQ(made({{"AWS_PROFILE", "dev"}}, files).profile_name(), "dev");
    EXPECT_EQ(made({{"AWS_PROFILE", "dev"}}, files, "ops").profile_name(), "ops");
    EXPECT_TRUE(made({}, files, "ops").profile_given());
    EXPECT_FALSE(made({{"AWS_PROFILE", "dev"}}, files).profile_given());
}

TEST(AwsSettings, AProfileThatWasNamedMustExist) {
    const auto settings = AwsSettings::make(environment_of({{"AWS_PROFILE", "prod"}}),
                                            files_with({{"dev", ""}, {"ops", ""}}));
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code, "NoSuchProfile");
    EXPECT_THAT(settings.error().message, HasSubstr("no profile prod"));
    EXPECT_THAT(settings.error().message, HasSubstr("dev, ops"));
}

TEST(AwsSettings, NobodyNeedsADefaultProfile) {
    EXPECT_TRUE(made({}, SharedConfig{}).profile().values.empty());
    EXPECT_FALSE(
        AwsSettings::make(environment_of({{"AWS_PROFILE", "default"}}), SharedConfig{}, {}));
}

TEST(AwsSettings, TheRegionIsTheEnvironmentsThenTheProfiles) {
    const SharedConfig files = files_with({{"default", "region = eu-south-2"}});
    EXPECT_EQ(made({}, files).region(), "eu-south-2");
    EXPECT_EQ(made({{"AWS_DEFAULT_REGION", "b"}}, files).region(), "b");
    EXPECT_EQ(made({{"AWS_DEFAULT_REGION", "b"}, {"AWS_REGION", "a"}}, files).region(), "a");
    EXPECT_EQ(made({}, SharedConfig{}).region(), std::nullopt);
}

TEST(AwsSettings, YesIsTrueInAnyCase) {
    EXPECT_TRUE(made({{"V", "TRUE"}}, SharedConfig{}).enabled("V", "v"));
    EXPECT_TRUE(made({}, files_with({{"default", "v = True"}})).enabled("V", "v"));
    for (const char* no : {"false", "1", "yes", "truer", "tru"}) {
        EXPECT_FALSE(made({{"V", no}}, SharedConfig{}).enabled("V", "v")) << no;
    }
}

TEST(AwsSettings, AnEndpointIsLookedForFromTheNarrowestToTheWidest) {
    Variables variables{{"AWS_ENDPOINT_URL_SQS", "http://1"}, {"AWS_ENDPOINT_URL", "http://2"}};
    const SharedConfig files =
        files_with({{"default", "services = local\nendpoint_url = http://4"}},
                   "sqs =\n  endpoint_url = http://3");
    const auto url = [&](std::string_view service) {
        return made(variables, files).endpoint_url(service)->url;
    };
    variables["AWS_ENDPOINT_URL_DYNAMODB"] = "http://5";
    EXPECT_EQ(url("SQS"), "http://1");
    EXPECT_EQ(url("DynamoDB"), "http://5");
    variables.erase("AWS_ENDPOINT_URL_SQS");
    EXPECT_EQ(url("SQS"), "http://2");
    variables.erase("AWS_ENDPOINT_URL");
    EXPECT_EQ(url("SQS"), "http://3");
    EXPECT_EQ(url("S3"), "http://4");
}

TEST(AwsSettings, ConfiguredEndpointsCanBeTurnedOff) {
    const SharedConfig files = files_with(
        {{"default", "ignore_configured_endpoint_urls = true\nendpoint_url = http://4"}});
    EXPECT_FALSE(made({}, files).endpoint_url("SQS"));
    EXPECT_FALSE(
        made({{"AWS_ENDPOINT_URL", "http://2"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}},
             SharedConfig{})
            .endpoint_url("SQS"));
}

}  // namespace
}  // namespace fas::clients
