#include "simulation/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::simulation {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Html, ATextIsNeverMarkup) {
    EXPECT_EQ(html_escape(R"(<script>alert("1 & '2'")</script>)"),
              "&lt;script&gt;alert(&quot;1 &amp; &#39;2&#39;&quot;)&lt;/script&gt;");
    EXPECT_EQ(html_escape("&amp;"), "&amp;amp;");
    EXPECT_EQ(html_escape("größer, 日本"), "größer, 日本");
}

// XML has no way at all to write most of them.
TEST(Html, ControlCharactersAreShown) {
    EXPECT_EQ(html_escape(std::string_view{"a\0b\x1b\n\x7f", 6}), "a\\u0000b\\u001b\\n\\u007f");
    EXPECT_EQ(html_escape("\xff"), "\xef\xbf\xbd");
}

TEST(Html, ADocumentLoadsAndRunsNothing) {
    const std::string page = html_document("<title>", "<p>body</p>", "p{color:red}\n");
    EXPECT_THAT(page, HasSubstr("<title>&lt;title&gt;</title>"));
    EXPECT_THAT(page, HasSubstr("p{color:red}\n</style>"));
    EXPECT_THAT(page, HasSubstr("default-src 'none'"));
    for (const std::string_view what : {"<script", "src=", "@import", "url(", "<link"}) {
        EXPECT_THAT(page, Not(HasSubstr(std::string{what})));
    }
}

}  // namespace
}  // namespace fas::simulation
