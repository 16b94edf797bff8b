#include "clients/aws/endpoint_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::clients {
namespace {

using ::testing::HasSubstr;

std::string host_in(std::string_view url) {
    const auto endpoint = parse_endpoint_url(url, "the test");
    return endpoint ? endpoint->host : endpoint.error().message;
}

TEST(EndpointUrl, IsTakenApart) {
    const auto endpoint = parse_endpoint_url("https://proxy.example:8443/aws/sqs/", "the test");
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->host, "proxy.example:8443");
    EXPECT_EQ(endpoint->base_path, "/aws/sqs");
    EXPECT_TRUE(endpoint->user_named);
}

TEST(EndpointUrl, HasAHostAsContainersAndMachinesAreNamed) {
    EXPECT_EQ(host_in("http://localstack_1:4566"), "localstack_1:4566");
    EXPECT_EQ(host_in("http://127.0.0.1:1"), "127.0.0.1:1");
    EXPECT_EQ(host_in("HTTP://localhost:65535"), "localhost:65535");
}

TEST(EndpointUrl, HasIpv6InBrackets) {
    EXPECT_EQ(host_in("http://[::1]:5000"), "[::1]:5000");
    EXPECT_EQ(host_in("https://[fd00:ec2::23]/"), "[fd00:ec2::23]");
    EXPECT_EQ(host_in("https://[::1]:443"), "[::1]");
    EXPECT_THAT(host_in("http://::1:5000"), HasSubstr("brackets"));
    EXPECT_THAT(host_in("http://[::1"), HasSubstr("host"));
    EXPECT_THAT(host_in("http://[localhost]"), HasSubstr("host"));
    EXPECT_THAT(host_in("http://[::1]5000"), HasSubstr("host"));
}

TEST(EndpointUrl, LosesItsSchemesOwnPort) {
    EXPECT_EQ(host_in("https://a:443"), "a");
    EXPECT_EQ(host_in("http://a:80/"), "a");
    EXPECT_EQ(host_in("http://a:443"), "a:443");
    EXPECT_EQ(host_in("http://a:080"), "a");
}

TEST(EndpointUrl, HasAPortThatCanBe) {
    for (const char* url : {"http://a:0", "http://a:65536", "http://a:99999999999", "http://a:",
                            "http://a:-1", "http://a:+1", "http://a:5000x", "http://[::1]:0"}) {
        EXPECT_THAT(host_in(url), HasSubstr("port")) << url;
    }
}

TEST(EndpointUrl, ThatIsNoneIsRefusedWithItsPlaceAndTheReason) {
    const std::pair<const char*, const char*> cases[]{
        {"", "no scheme"},
        {"localhost:5000", "no scheme"},
        {"ftp://a", "neither https nor http"},
        {"https://", "no host"},
        {"https://:80", "no host"},
        {"https:///path", "no host"},
        {"https://user:pass@a", "a user name or a password"},
        {"https://a?x=1", "a query or a fragment"},
        {"https://a#b", "a query or a fragment"},
        {"https://a b", "white space"},
        {"https://a\r\nX: y", "white space"},
        {"https://a/\xc3\xa9", "another character"},
        {"https://a\\b", "another character"},
        {"https://a%2eb", "not a host name"},
    };
    for (const auto& [url, why] : cases) {
        const auto endpoint = parse_endpoint_url(url, "endpoint_url of profile dev");
        ASSERT_FALSE(endpoint) << url;
        EXPECT_EQ(endpoint.error().kind, ErrorKind::invalid);
        EXPECT_EQ(endpoint.error().code, "BadEndpoint");
        EXPECT_THAT(endpoint.error().message, HasSubstr("endpoint_url of profile dev")) << url;
        EXPECT_THAT(endpoint.error().message, HasSubstr(why)) << url;
    }
    EXPECT_THAT(host_in("https://a/" + std::string(3000, 'x')), HasSubstr("too long"));
}

}  // namespace
}  // namespace fas::clients
