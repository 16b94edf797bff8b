#include "base/control_characters.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

TEST(Escaped, KeepsWhatATerminalShows) {
    for (const char* text : {"", "no such queue", "a\\u001b\"b", "größe 漢 😀", "\xC2\xA0"}) {
        EXPECT_EQ(escaped(text), text);
    }
}

TEST(Escaped, ShowsWhatATerminalWouldObey) {
    EXPECT_EQ(escaped("a\x1B[2J\tb\nc\x7F"), "a\\u001b[2J\\u0009b\\nc\\u007f");
    EXPECT_EQ(escaped(std::string_view{"\0", 1}), "\\u0000");
    // CSI in one character, as terminals of eight bits have it.
    EXPECT_EQ(escaped("\xC2\x80\xC2\x9B"
                      "2J\xC2\x9F"),
              "\\u0080\\u009b2J\\u009f");
}

TEST(Escaped, ReplacesWhatIsNoUtf8) {
    EXPECT_EQ(escaped("a\x9B"
                      "2J"),
              "a\xEF\xBF\xBD"
              "2J");
    EXPECT_EQ(escaped("\xC2"), "\xEF\xBF\xBD");
    EXPECT_EQ(escaped("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
}

}  // namespace
}  // namespace fas
