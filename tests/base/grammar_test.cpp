#include "base/grammar.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

namespace fas {
namespace {

TEST(Grammar, SaysItsExpression) {
    EXPECT_EQ((Grammar{"a-z0-9_-", 1, 40}.pattern()), "^[a-z0-9_-]{1,40}$");
    EXPECT_EQ((Grammar{" -~", 1}.pattern()), "^[ -~]+$");
    EXPECT_EQ((Grammar{"--<", 2, 3}.pattern()), R"(^[\--<]{2,3}$)");
    EXPECT_EQ((Grammar{"^]\\", 0, 1}.pattern()), R"(^[\^\]\\]{0,1}$)");
    EXPECT_EQ((Grammar{Grammar::any, 1, 9}.pattern()), R"(^[\s\S]{1,9}$)");
    EXPECT_EQ((Grammar{"^x+$", [](std::string_view) { return true; }}.pattern()), "^x+$");
}

TEST(Grammar, AcceptsWhatItsExpressionDoes) {
    for (const Grammar& grammar : {Grammar{"a-z0-9_-", 1, 4}, Grammar{"!#-&(-+--<>-~", 1, 4},
                                   Grammar{"^]\\", 0, 2}, Grammar{Grammar::any, 1, 3}}) {
        const std::regex expression{grammar.pattern()};
        for (int c = 0; c < 128; ++c) {
            for (const std::size_t length : {0, 1, 2, 3, 4, 5}) {
                const std::string text(length, static_cast<char>(c));
                EXPECT_EQ(grammar.accepts(text), std::regex_match(text, expression))
                    << grammar.pattern() << " " << text;
            }
        }
    }
}

TEST(Grammar, OfCharactersIsOfAsciiAlone) {
    EXPECT_FALSE((Grammar{" -~", 1, 9}.accepts("\xC3\xA9")));
    EXPECT_TRUE((Grammar{Grammar::any, 1, 9}.accepts("\xC3\xA9")));
}

}  // namespace
}  // namespace fas
