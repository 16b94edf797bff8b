#include "base/origin.h"

#include <gtest/gtest.h>

#include <string>

namespace fas {
namespace {

TEST(Origin, NamesHostAndPort) {
    EXPECT_EQ(parse_origin("https://sqs.eu-west-1.amazonaws.com/")->name,
              "sqs.eu-west-1.amazonaws.com:443");
    EXPECT_EQ(parse_origin("http://169.254.170.2")->name, "169.254.170.2:80");
    EXPECT_EQ(parse_origin("http://HOST:8080?a=/b")->name, "host:8080");
    EXPECT_EQ(parse_origin("HTTPS://[FD00:ec2::254]:8443/x")->name, "[fd00:ec2::254]:8443");
    EXPECT_TRUE(parse_origin("https://host/")->tls);
    EXPECT_FALSE(parse_origin("http://host/")->tls);
}

class BadUrl : public testing::TestWithParam<std::string> {};

TEST_P(BadUrl, IsRefusedWithoutRepeatingIt) {
    const Result<Origin> origin = parse_origin(GetParam());
    ASSERT_FALSE(origin);
    EXPECT_EQ(origin.error().kind, ErrorKind::invalid);
    EXPECT_EQ(origin.error().code, "BadUrl");
    EXPECT_EQ(origin.error().message.find("secret"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    , BadUrl,
    testing::Values("", "secret", "ftp://host/secret", "https:/host", "https://", "https:///secret",
                    "https://:443/", "https://user:secret@host/", "https://host/#secret",
                    "https://host/a secret", "https://host/\r\nsecret: 1", "https://h\xc3\xb6st/",
                    "https://host:/", "https://host:0/", "https://host:65536/", "https://host:44x/",
                    "https://[]/", "https://[::1/", "https://[::1]x/", "https://ho%73t/",
                    "https://ho[st/", "https://" + std::string(256, 'a') + "/",
                    "https://host/" + std::string(20'000, 'a')));

}  // namespace
}  // namespace fas
