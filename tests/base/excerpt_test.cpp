#include "base/excerpt.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

TEST(Excerpt, KeepsAShortLine) {
    EXPECT_EQ(excerpt("", 10), "");
    EXPECT_EQ(excerpt("no such queue", 13), "no such queue");
    EXPECT_EQ(excerpt("größe 漢", 50), "größe 漢");
}

TEST(Excerpt, EndsAtTheFirstControlCharacter) {
    for (const char control : {'\n', '\r', '\t', '\0', '\x1B', '\x7F'}) {
        const std::string text = std::string{"seen"} + control + "not seen";
        EXPECT_EQ(excerpt(text, 100), "seen") << static_cast<int>(control);
    }
    EXPECT_EQ(excerpt("seen\xC2\x9B not seen", 100), "seen");
    EXPECT_EQ(excerpt("seen\xC2\xA0 too", 100), "seen\xC2\xA0 too");
}

TEST(Excerpt, IsNotCutWithinACharacter) {
    EXPECT_EQ(excerpt("abcdef", 4), "abcd");
    EXPECT_EQ(excerpt("abcü", 4), "abc");
    EXPECT_EQ(excerpt("abcü", 5), "abcü");
    EXPECT_EQ(excerpt("a😀", 4), "a");
    EXPECT_EQ(excerpt("\x80\x80\x80", 2), "");
}

}  // namespace
}  // namespace fas
