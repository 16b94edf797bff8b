#include "clients/aws/config/ini.h"

#include <gtest/gtest.h>

namespace fas::clients {
namespace {

using Sections = std::map<std::string, ConfigSection, std::less<>>;

Sections parsed(std::string_view text) {
    auto sections = parse_ini(text);
    EXPECT_TRUE(sections) << sections.error().message;
    return sections ? std::move(*sections) : Sections{};
}

std::string problem(std::string_view text) {
    const auto sections = parse_ini(text);
    return sections ? "no problem" : sections.error().message;
}

TEST(Ini, ReadsSectionsKeysAndValues) {
    auto sections = parsed("[default]\nregion = eu-west-1\n\n[profile dev]\noutput=json\n");
    EXPECT_EQ(sections.size(), 2U);
    EXPECT_EQ(sections["default"].values["region"], "eu-west-1");
    EXPECT_EQ(sections["profile dev"].values["output"], "json");
}

TEST(Ini, CutsWhiteSpaceAndKeepsItInside) {
    auto sections = parsed("[ default ]\r\n  \r\nKey \t=  a  b \t\r\n");
    EXPECT_EQ(sections["default"].values["key"], "a  b");
}

TEST(Ini, AValueMayHoldEqualsSignsAndHashes) {
    auto sections = parsed("[a]\nsecret = x=y#z;w==\n");
    EXPECT_EQ(sections["a"].values["secret"], "x=y#z;w==");
}

TEST(Ini, LeavesCommentsOut) {
    auto sections = parsed("# one\n; two\n[a] # three\nk = v # four\nl = w\t; five\nm = # none\n");
    EXPECT_EQ(sections["a"].values["k"], "v");
    EXPECT_EQ(sections["a"].values["l"], "w");
    EXPECT_EQ(sections["a"].values["m"], "# none");
}

TEST(Ini, MergesASectionThatComesTwice) {
    auto sections = parsed("[a]\nk = 1\nl = 2\n[b]\n[a]\nk = 3\n");
    EXPECT_EQ(sections["a"].values["k"], "3");
    EXPECT_EQ(sections["a"].values["l"], "2");
}

TEST(Ini, ReadsBlocksUnderAKeyWithoutAValue) {
    auto sections = parsed("[services x]\nsqs =\n  endpoint_url = http://a\n\tother=1\ns3 = v\n");
    EXPECT_EQ(sections["services x"].nested["sqs"]["endpoint_url"], "http://a");
    EXPECT_EQ(sections["services x"].nested["sqs"]["other"], "1");
    EXPECT_EQ(sections["services x"].values["s3"], "v");
}

TEST(Ini, JoinsIndentedLinesToAValue) {
    auto sections = parsed("[a]\nk = one\n  two = 2\n");
    EXPECT_EQ(sections["a"].values["k"], "one\ntwo = 2");
}

TEST(Ini, ASectionMayBeIndentedAsAWhole) {
    auto sections =
        parsed("  [a]\n  k = 1\n  l =\n    m = 2\n  n = 3\n [b]\n\tk = 4\n\tl = 5\nm = 6\n");
    EXPECT_EQ(sections["a"].values["k"], "1");
    EXPECT_EQ(sections["a"].nested["l"]["m"], "2");
    EXPECT_EQ(sections["a"].values["n"], "3");
    EXPECT_EQ(sections["b"].values["k"], "4");
    EXPECT_EQ(sections["b"].values["l"], "5");
    EXPECT_EQ(sections["b"].values["m"], "6");
}

TEST(Ini, AColonWillDoForAnEqualsSign) {
    auto sections = parsed("[a]\nk: 1\nl:x=y\nm = a:b\ns3 =\n  u = http://a\n");
    EXPECT_EQ(sections["a"].values["k"], "1");
    EXPECT_EQ(sections["a"].values["l"], "x=y");
    EXPECT_EQ(sections["a"].values["m"], "a:b");
    EXPECT_EQ(sections["a"].nested["s3"]["u"], "http://a");
}

TEST(Ini, AnEmptyTextHasNoSections) {
    EXPECT_TRUE(parsed("").empty());
    EXPECT_TRUE(parsed("\xEF\xBB\xBF# a byte order mark\n").empty());
}

TEST(Ini, SaysWhichLineIsWrongAndNeverWhatItHolds) {
    EXPECT_EQ(problem("k = v\n"), "line 1: it stands before the first [section]");
    EXPECT_EQ(problem("[a]\n\nAKIDSECRET\n"),
              "line 3: it is neither [section], key = value, nor a # comment");
    EXPECT_EQ(problem("[a\n"), "line 1: its bracket is not closed");
    EXPECT_EQ(problem("[]\n"), "line 1: its brackets are empty");
    EXPECT_EQ(problem("  k = v\n"), "line 1: it stands before the first [section]");
    EXPECT_EQ(problem("[a]\nk =\n  secret\n"),
              "line 3: it is not a key = value in the block of the key above it");
    EXPECT_EQ(problem("[a]\n= v\n"),
              "line 2: it is neither [section], key = value, nor a # comment");
}

TEST(Ini, RefusesAFileThatIsTooLarge) {
    EXPECT_EQ(problem(std::string(ini_bytes_max + 1, '#')), "it is larger than 1 MiB");
}

}  // namespace
}  // namespace fas::clients
