#include "clients/aws/xml.h"

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

constexpr std::size_t enough = std::size_t{1} << 20U;

TEST(XmlDocument, GivesListsInLists) {
    const auto document = XmlDocument::parse(
        "<?xml version='1.0'?>\n<A xmlns=\"http://x/\"><B><m><k>1 &amp; 2</k></m><m/></B></A>",
        enough);
    ASSERT_TRUE(document);
    EXPECT_FALSE(document->root("B"));
    const auto root = document->root("A");
    ASSERT_TRUE(root);
    EXPECT_FALSE(root->find("C"));
    const auto list = root->find("B");
    ASSERT_TRUE(list);
    ASSERT_EQ(list->all("m").size(), 2U);
    EXPECT_EQ(list->all("m")[0].text_of("k"), "1 & 2");
    EXPECT_EQ(list->all("m")[1].text_of("k"), "");
    EXPECT_EQ(list->all("n").size(), 0U);
}

TEST(XmlDocument, AListsMembersAreItsElementsOfThatName) {
    const auto document =
        XmlDocument::parse("<r><l><member>1</member><other/><member>2</member></l></r>", enough);
    const auto root = document ? document->root("r") : std::nullopt;
    ASSERT_TRUE(root);
    ASSERT_EQ(root->members_of("l").size(), 2U);
    EXPECT_EQ(root->members_of("l")[1].text(), "2");
    EXPECT_EQ(root->members_of("m").size(), 0U);
}

TEST(XmlDocument, RefusesWhatIsNoXml) {
    for (const char* document : {"<a><b></a>", "<a", "{}x<", "<a b=\"></a>", "<<<<", "<a></b>x",
                                 "</a><a>", "<a><!-- </a> --></a>", "<!DOCTYPE a><a/>"}) {
        EXPECT_FALSE(XmlDocument::parse(document, enough)) << document;
    }
}

TEST(XmlDocument, AnEmptyDocumentHasNoRoot) {
    const auto document = XmlDocument::parse("", enough);
    EXPECT_FALSE(document && document->root("a"));
}

TEST(XmlDocument, IsOfALimitedSize) {
    const std::string text = "<a>" + std::string(100, 'x') + "</a>";
    EXPECT_TRUE(XmlDocument::parse(text, text.size()));
    EXPECT_FALSE(XmlDocument::parse(text, text.size() - 1));
    std::string many = "<a>";
    for (int i = 0; i < 200'000; ++i) many += "<b/>";
    EXPECT_FALSE(XmlDocument::parse(many + "</a>", std::size_t{4} << 20U));
}

TEST(XmlDocument, RefusesADepthBomb) {
    for (const std::string level : {"<a>", "<a b='/>'>", "<a b='></a>'>", "<a'>", "<a b='</a>'>",
                                    "<![CDATA[</a>]]><a>", "<!-- </a> --><a>", "<?x </a> ?><a>"}) {
        std::string bomb;
        for (int i = 0; i < 60'000; ++i) bomb += level;
        EXPECT_FALSE(XmlDocument::parse(bomb, std::size_t{4} << 20U)) << level;
    }
}

}  // namespace
}  // namespace fas::clients
