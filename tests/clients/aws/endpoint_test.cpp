// Every region and variant is compared with botocore in endpoints_against_botocore_test.py; here is
// what each setting does, and what is refused.
#include "clients/aws/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/clients/aws/aws_fixture.h"

namespace fas::clients {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

AwsService service(std::string_view name, std::string_view host_prefix) {
    return {.name = name,
            .signing_name = host_prefix,
            .host_prefix = host_prefix,
            .target_prefix = "",
            .protocol = Protocol::json_1_0};
}

const AwsService s3 = service("S3", "s3");

Result<Endpoint> resolve(const std::string& region, Variables variables,
                         const AwsService& of = sqs) {
    return resolve_endpoint(of, region, settings_of(std::move(variables)));
}

Result<Endpoint> resolve_with_profile(const std::string& region, ConfigValues values) {
    SharedConfig files;
    files.profiles["default"].values = std::move(values);
    const auto settings = AwsSettings::make(environment_of({}), std::move(files));
    EXPECT_TRUE(settings);
    return resolve_endpoint(sqs, region, *settings);
}

std::string host_of(const Result<Endpoint>& endpoint) {
    return endpoint ? endpoint->host : endpoint.error().message;
}

void expect_refused(const Result<Endpoint>& endpoint, std::string_view code) {
    ASSERT_FALSE(endpoint) << endpoint->host;
    EXPECT_EQ(endpoint.error().kind, ErrorKind::invalid);
    EXPECT_EQ(endpoint.error().code, code);
}

TEST(Endpoint, IsAwssOwnHostOverHttps) {
    const auto endpoint = resolve("eu-west-1", {});
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->host, "sqs.eu-west-1.amazonaws.com");
    EXPECT_EQ(endpoint->base_path, "");
    EXPECT_EQ(endpoint->region, "eu-west-1");
    EXPECT_FALSE(endpoint->user_named);
}

TEST(Endpoint, HasThePartitionsSuffix) {
    EXPECT_EQ(host_of(resolve("cn-north-1", {})), "sqs.cn-north-1.amazonaws.com.cn");
    EXPECT_EQ(host_of(resolve("us-gov-west-1", {})), "sqs.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(host_of(resolve("us-isob-east-1", {})), "sqs.us-isob-east-1.sc2s.sgov.gov");
    EXPECT_EQ(host_of(resolve("eusc-de-east-1", {})), "sqs.eusc-de-east-1.amazonaws.eu");
}

// As botocore refuses it, in each partition.
TEST(Endpoint, ThatIsDynamoDbsDualStackHostIsAskedForByItsSetting) {
    for (const auto& [region, suffix] :
         {std::pair{"eu-west-1", "api.aws"}, std::pair{"us-gov-west-1", "api.aws"},
          std::pair{"cn-north-1", "api.amazonwebservices.com.cn"},
          std::pair{"us-iso-east-1", "api.aws.ic.gov"},
          std::pair{"us-isob-east-1", "api.aws.scloud"},
          std::pair{"eusc-de-east-1", "api.amazonwebservices.eu"}}) {
        const Variables named{{"AWS_ENDPOINT_URL_DYNAMODB",
                               std::string{"https://dynamodb."} + region + "." + suffix}};
        expect_refused(resolve(region, named, service("DynamoDB", "dynamodb")), "BadEndpoint");
        EXPECT_TRUE(resolve("eu-north-1", named, service("DynamoDB", "dynamodb"))) << "another's";
    }
}

TEST(Endpoint, OfARegionNotYetKnownIsInTheCommercialPartition) {
    EXPECT_EQ(host_of(resolve("ap-moon-7", {})), "sqs.ap-moon-7.amazonaws.com");
}

TEST(Endpoint, MeetsFipsWhereThatIsAskedFor) {
    const Variables fips{{"AWS_USE_FIPS_ENDPOINT", "true"}};
    EXPECT_EQ(host_of(resolve("us-east-1", fips)), "sqs-fips.us-east-1.amazonaws.com");
    EXPECT_EQ(host_of(resolve("us-gov-west-1", fips)), "sqs.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(host_of(resolve("us-gov-west-1", fips, service("ECS", "ecs"))),
              "ecs-fips.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(host_of(resolve("us-east-1", fips, s3)), "s3-fips.us-east-1.amazonaws.com");
}

TEST(Endpoint, IsDualStackWhereThatIsAskedFor) {
    const Variables dual_stack{{"AWS_USE_DUALSTACK_ENDPOINT", "true"}};
    EXPECT_EQ(host_of(resolve("us-east-1", dual_stack)), "sqs.us-east-1.api.aws");
    EXPECT_EQ(host_of(resolve("us-east-1", dual_stack, s3)),
              "s3.dualstack.us-east-1.amazonaws.com");
}

TEST(Endpoint, CanBeBoth) {
    const Variables both{{"AWS_USE_FIPS_ENDPOINT", "TRUE"}, {"AWS_USE_DUALSTACK_ENDPOINT", "True"}};
    EXPECT_EQ(host_of(resolve("us-gov-west-1", both)), "sqs-fips.us-gov-west-1.api.aws");
    EXPECT_EQ(host_of(resolve("us-east-1", both, s3)), "s3-fips.dualstack.us-east-1.amazonaws.com");
}

TEST(Endpoint, TakesTheVariantsFromTheProfileToo) {
    EXPECT_EQ(host_of(resolve_with_profile("us-east-1", {{"use_fips_endpoint", "true"}})),
              "sqs-fips.us-east-1.amazonaws.com");
    EXPECT_EQ(host_of(resolve_with_profile("us-east-1", {{"use_dualstack_endpoint", "true"}})),
              "sqs.us-east-1.api.aws");
}

TEST(Endpoint, UnderstandsTheOlderFormOfAskingForFips) {
    for (const char* region : {"fips-us-east-1", "us-east-1-fips"}) {
        const auto endpoint = resolve(region, {});
        EXPECT_EQ(host_of(endpoint), "sqs-fips.us-east-1.amazonaws.com") << region;
        EXPECT_EQ(endpoint->region, "us-east-1") << "is what requests are signed for";
    }
}

TEST(Endpoint, SaysWhereS3HasNoFipsEndpoint) {
    const auto endpoint = resolve("cn-north-1", {{"AWS_USE_FIPS_ENDPOINT", "true"}}, s3);
    expect_refused(endpoint, "NoFipsEndpoint");
    EXPECT_THAT(endpoint.error().message, HasSubstr("AWS_USE_FIPS_ENDPOINT"));
}

TEST(Endpoint, ThatIsNamedWins) {
    const auto endpoint = resolve("eu-west-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"},
                                                {"AWS_ENDPOINT_URL_SQS", "https://queue.test/x/"}});
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->host, "queue.test");
    EXPECT_EQ(endpoint->base_path, "/x");
    EXPECT_EQ(endpoint->region, "eu-west-1");
    EXPECT_TRUE(endpoint->user_named);
    EXPECT_EQ(host_of(resolve("eu-west-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"}})),
              "localhost:5000");
}

TEST(Endpoint, ThatIsNamedCanBeIgnored) {
    EXPECT_EQ(host_of(resolve("eu-west-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"},
                                            {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}})),
              "sqs.eu-west-1.amazonaws.com");
}

TEST(Endpoint, ThatIsNamedCannotBeAVariantOfAwssOwn) {
    for (const char* variable : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}) {
        const auto endpoint = resolve(
            "eu-west-1", {{"AWS_ENDPOINT_URL_SQS", "http://localhost:5000"}, {variable, "true"}});
        expect_refused(endpoint, "BadEndpoint");
        EXPECT_THAT(endpoint.error().message,
                    AllOf(HasSubstr("AWS_ENDPOINT_URL_SQS"), HasSubstr(variable)));
    }
    const auto by_profile = resolve_with_profile(
        "eu-west-1", {{"endpoint_url", "http://localhost:5000"}, {"use_fips_endpoint", "true"}});
    expect_refused(by_profile, "BadEndpoint");
    EXPECT_THAT(by_profile.error().message, HasSubstr("use_fips_endpoint of profile default"));
    expect_refused(resolve("fips-us-east-1", {{"AWS_ENDPOINT_URL", "http://localhost:5000"}}),
                   "BadEndpoint");
}

TEST(Endpoint, ThatIsNamedBadlyIsRefusedWithItsPlaceAndWithoutItsText) {
    const auto endpoint =
        resolve("eu-west-1", {{"AWS_ENDPOINT_URL_SQS", "https://user:pass@localhost"}});
    expect_refused(endpoint, "BadEndpoint");
    EXPECT_THAT(endpoint.error().message,
                AllOf(HasSubstr("AWS_ENDPOINT_URL_SQS"), Not(HasSubstr("pass@"))));
}

TEST(Endpoint, NeedsARegionThatCanLeadToNoOtherHost) {
    for (const char* region :
         {"", "US-EAST-1", "us east 1", "us-east-1.evil.test", "evil.test/", "evil.test#", "a@b",
          "us-east-1\r\nX: y", "-a", "a-", "fips-", "aws-global", "aws-cn-global"}) {
        expect_refused(resolve(region, {}), "BadRegion");
        expect_refused(resolve(region, {{"AWS_ENDPOINT_URL", "http://localhost"}}), "BadRegion");
    }
    expect_refused(resolve(std::string(64, 'a'), {}), "BadRegion");
}

}  // namespace
}  // namespace fas::clients
