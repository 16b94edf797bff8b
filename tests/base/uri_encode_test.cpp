#include "base/uri_encode.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fas {
namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

TEST(UriEncode, KeepsUnreservedCharacters) { EXPECT_EQ(uri_encode(unreserved), unreserved); }

TEST(UriEncode, EncodesEveryOtherByteWithUpperCaseDigits) {
    for (int byte = 0; byte < 256; ++byte) {
        const std::string text(1, static_cast<char>(byte));
        if (unreserved.contains(text)) continue;
        EXPECT_EQ(uri_encode(text), fmt::format("%{:02X}", byte));
    }
}

TEST(UriEncode, TellsSpaceFromPlusAndPercent) { EXPECT_EQ(uri_encode(" +%20"), "%20%2B%2520"); }

TEST(UriEncode, EncodesUtf8ByteByByte) { EXPECT_EQ(uri_encode("é☃"), "%C3%A9%E2%98%83"); }

TEST(UriEncode, EncodesANulByte) { EXPECT_EQ(uri_encode(std::string_view("a\0b", 3)), "a%00b"); }

TEST(UriEncodePath, KeepsSlashesAndEncodesTheRest) {
    EXPECT_EQ(uri_encode_path("/a b/c+d=é"), "/a%20b/c%2Bd%3D%C3%A9");
}

TEST(UriEncodePath, EncodesAnEncodedPathOnceMore) {
    EXPECT_EQ(uri_encode_path("/clusters/arn%3Aaws"), "/clusters/arn%253Aaws");
}

}  // namespace
}  // namespace fas
