#include "base/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace fas {
namespace {

const std::string c1 = "\xC2\x9B";        // U+009B
const std::string latin1 = "gr\xFC\xDF";  // no UTF-8

TEST(PlainText, IsOfItsLengthInBytes) {
    for (const auto accepts : {is_plain_name, is_plain_text}) {
        EXPECT_FALSE(accepts("", 3));
        EXPECT_TRUE(accepts("abc", 3));
        EXPECT_FALSE(accepts("abcd", 3));
    }
    EXPECT_TRUE(is_plain_text(std::string(100'000, 'x')));
}

TEST(PlainText, HasNoControlCharacterOfAscii) {
    for (const char control : {'\0', '\n', '\x1B', '\x1F', '\x7F'}) {
        const std::string text = std::string{"a"} + control + "b";
        EXPECT_FALSE(is_plain_text(text)) << static_cast<int>(control);
        EXPECT_FALSE(is_plain_name(text, 255)) << static_cast<int>(control);
    }
}

TEST(PlainText, IsOfWhateverEncodingButNotWhereItIsAName) {
    EXPECT_TRUE(is_plain_text(c1 + latin1));
    EXPECT_FALSE(is_plain_name("a" + c1, 255));
    EXPECT_FALSE(is_plain_name(latin1, 255));
    EXPECT_TRUE(is_plain_name("Aufträge 漢 😀", 255));
}

}  // namespace
}  // namespace fas
