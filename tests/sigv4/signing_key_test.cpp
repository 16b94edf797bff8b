#include "sigv4/signing_key.h"

#include <gtest/gtest.h>

#include <string>

namespace fas::sigv4 {
namespace {

// What a key signs tells it from another key.
std::string fingerprint(const HmacSha256& key) { return std::string(as_text(to_hex(key("text")))); }

class SigningKeyCacheTest : public testing::Test {
  protected:
    std::string get(const std::string& secret, std::string_view date, std::string_view region,
                    std::string_view service) {
        return fingerprint(cache_.get(Secret(secret), date, region, service));
    }

    std::string derive(const std::string& secret, std::string_view date, std::string_view region,
                       std::string_view service) {
        return fingerprint(derive_signing_key(Secret(secret), date, region, service));
    }

    SigningKeyCache cache_;
};

TEST(DeriveSigningKey, MatchesTheDocumentedExample) {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    const HmacSha256 key = derive_signing_key(Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                              "20150830", "us-east-1", "iam");
    const std::string_view string_to_sign =
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";
    EXPECT_EQ(as_text(to_hex(key(string_to_sign))),
              "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST_F(SigningKeyCacheTest, GivesTheDerivedKeyAtEveryCall) {
    const std::string expected = derive("secret", "20240101", "eu-west-1", "sqs");
    EXPECT_EQ(get("secret", "20240101", "eu-west-1", "sqs"), expected);
    EXPECT_EQ(get("secret", "20240101", "eu-west-1", "sqs"), expected);
    EXPECT_EQ(cache_.size(), 1U);
}

TEST_F(SigningKeyCacheTest, TellsSecretsRegionsAndServicesApart) {
    get("secret", "20240101", "eu-west-1", "sqs");
    EXPECT_EQ(get("other", "20240101", "eu-west-1", "sqs"),
              derive("other", "20240101", "eu-west-1", "sqs"));
    EXPECT_EQ(get("secret", "20240101", "eu-west-2", "sqs"),
              derive("secret", "20240101", "eu-west-2", "sqs"));
    EXPECT_EQ(get("secret", "20240101", "eu-west-1", "ecs"),
              derive("secret", "20240101", "eu-west-1", "ecs"));
    EXPECT_EQ(cache_.size(), 4U);
}

TEST_F(SigningKeyCacheTest, DoesNotConfuseFieldsThatJoinToTheSameText) {
    get("secret", "20240101", "ab", "c");
    EXPECT_EQ(get("secret", "20240101", "a", "bc"), derive("secret", "20240101", "a", "bc"));
}

TEST_F(SigningKeyCacheTest, ForgetsEveryKeyWhenTheDateChanges) {
    get("secret", "20240101", "eu-west-1", "sqs");
    get("secret", "20240101", "eu-west-1", "ecs");
    EXPECT_EQ(get("secret", "20240102", "eu-west-1", "sqs"),
              derive("secret", "20240102", "eu-west-1", "sqs"));
    EXPECT_EQ(cache_.size(), 1U);
}

TEST_F(SigningKeyCacheTest, IsRightAgainWhenACorrectedClockGoesBackADay) {
    const std::string first = get("secret", "20240101", "eu-west-1", "sqs");
    get("secret", "20240102", "eu-west-1", "sqs");
    EXPECT_EQ(get("secret", "20240101", "eu-west-1", "sqs"), first);
}

TEST_F(SigningKeyCacheTest, StaysBoundedAndRightBeyondItsCapacity) {
    for (std::size_t i = 0; i < 3 * SigningKeyCache::capacity; ++i) {
        const std::string region = "region-" + std::to_string(i);
        ASSERT_EQ(get("secret", "20240101", region, "sqs"),
                  derive("secret", "20240101", region, "sqs"));
        ASSERT_LE(cache_.size(), SigningKeyCache::capacity);
    }
    EXPECT_EQ(get("secret", "20240101", "region-0", "sqs"),
              derive("secret", "20240101", "region-0", "sqs"));
}

TEST_F(SigningKeyCacheTest, AcceptsEmptyTexts) {
    EXPECT_EQ(get("", "", "", ""), derive("", "", "", ""));
}

}  // namespace
}  // namespace fas::sigv4
