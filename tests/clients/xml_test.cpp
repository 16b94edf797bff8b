#include "clients/xml.h"

#include <gtest/gtest.h>

namespace fas::clients {
namespace {

TEST(Xml, FindsTheTextAtAPath) {
    EXPECT_EQ(xml_text("<a><b>1</b><b>2</b></a>", {"a", "b"}), "1");
    EXPECT_EQ(xml_text("<a><b>x &amp; y &lt;</b></a>", {"a", "b"}), "x & y <");
    EXPECT_EQ(xml_text("<a/>", {"a"}), "");
}

TEST(Xml, FindsNothingWhereNothingIs) {
    EXPECT_EQ(xml_text("<a><b>1</b></a>", {"a", "c"}), std::nullopt);
    EXPECT_EQ(xml_text("", {"a"}), std::nullopt);
}

TEST(Xml, RefusesWhatIsNoXml) {
    for (const char* document : {"<a><b></a>", "<a", "{}", "<a b=\"></a>", "<<<<", "<a></b>x"}) {
        EXPECT_EQ(xml_text(document, {"z"}), std::nullopt) << document;
    }
}

TEST(Xml, DoesNotExpandForeignEntities) {
    const auto text = xml_text("<!DOCTYPE a [<!ENTITY x \"boom\">]><a>&x;</a>", {"a"});
    EXPECT_TRUE(!text || *text == "&x;");
}

TEST(Xml, RefusesADepthBomb) {
    std::string bomb;
    for (int i = 0; i < 10'000; ++i) bomb += "<a>";
    EXPECT_EQ(xml_text(bomb, {"a"}), std::nullopt);
}

// Each "/>" in a quoted attribute looks like an end, and is none.
TEST(Xml, RefusesADepthBombThatHidesItsDepth) {
    std::string bomb;
    for (int i = 0; i < 5000; ++i) bomb += "<a b='/>'>";
    EXPECT_EQ(xml_text(bomb, {"a"}), std::nullopt);
}

TEST(Xml, RefusesALargeDocument) {
    const std::string large = "<a>" + std::string(70'000, 'x') + "</a>";
    EXPECT_EQ(xml_text(large, {"a"}), std::nullopt);
}

}  // namespace
}  // namespace fas::clients
