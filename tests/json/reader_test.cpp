#include "json/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/json/parsed.h"

namespace fas::json {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Limits limits{.bytes_max = 1 << 20};

std::string message_for(std::string_view text, Limits with = limits) {
    const auto document = parse(text, with);
    if (document) return "parsed";
    EXPECT_EQ(document.error().kind, ErrorKind::invalid);
    return document.error().message;
}

TEST(Reader, MissingNullAndWrongTypeAreThreeDifferentThings) {
    const auto document = parsed(R"({"null": null, "text": "7"})");
    const auto root = document.root();

    EXPECT_FALSE(root.find("missing").has_value());

    ASSERT_TRUE(root.find("null").has_value());
    EXPECT_TRUE(root.find("null")->is_null());
    EXPECT_FALSE(root.find("null")->as_string().has_value());

    ASSERT_TRUE(root.find("text").has_value());
    EXPECT_FALSE(root.find("text")->is_null());
    EXPECT_FALSE(root.find("text")->as_int().has_value());
    EXPECT_EQ(root.find("text")->as_string(), "7");
}

TEST(Reader, AMemberThatIsNotOfTheTypeAskedForIsNone) {
    const auto document = parsed(R"({"text": "a", "list": [1, 2], "count": 7, "less": -1})");
    const auto root = document.root();
    EXPECT_EQ(root.text_at("text"), "a");
    EXPECT_EQ(root.items_at("list").size(), 2U);
    EXPECT_EQ(root.count_at("count"), 7);
    for (const char* key : {"missing", "less"}) {
        EXPECT_EQ(root.text_at(key), "") << key;
        EXPECT_THAT(root.items_at(key), IsEmpty()) << key;
        EXPECT_EQ(root.count_at(key), std::nullopt) << key;
    }
    EXPECT_EQ(root.find("text")->text_at("text"), "") << "it is no object";
}

TEST(Reader, ReadsEachTypeAndNamesIt) {
    const auto document = parsed(R"([null, true, 1, 1.5, "a", [], {}])");
    std::string names;
    for (const auto& item : document.root().items()) names += std::string(item.type_name()) + " ";
    EXPECT_EQ(names, "null boolean number number string array object ");
    EXPECT_EQ(document.root().items()[1].as_bool(), true);
    EXPECT_EQ(document.root().items()[3].as_double(), 1.5);
}

TEST(Reader, ZeroFalseAndEmptyTextAreValues) {
    const auto document = parsed(R"({"zero": 0, "no": false, "text": ""})");
    EXPECT_EQ(document.root().find("zero")->as_int(), 0);
    EXPECT_EQ(document.root().find("no")->as_bool(), false);
    EXPECT_EQ(document.root().find("text")->as_string(), "");
}

TEST(Reader, IntegersMayBeWrittenWithAFraction) {
    const auto document = parsed("[10, 10.0, 1e1, -3, -0.0, 10.5, 1e300, 9007199254740994.0]");
    std::vector<std::optional<std::int64_t>> integers;
    for (const auto& item : document.root().items()) integers.push_back(item.as_int());
    EXPECT_THAT(integers, ElementsAre(10, 10, 10, -3, 0, std::nullopt, std::nullopt, std::nullopt));
}

TEST(Reader, IntegersKeepAll64Bits) {
    const auto document =
        parsed("[9223372036854775807, -9223372036854775808, 9223372036854775808]");
    const auto items = document.root().items();
    EXPECT_EQ(items[0].as_int(), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(items[1].as_int(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(items[2].as_int(), std::nullopt);
    EXPECT_EQ(items[2].as_double(), 9223372036854775808.0);
}

TEST(Reader, AnIntegerIsADoubleToo) {
    const auto document = parsed("[7, true]");
    EXPECT_EQ(document.root().items()[0].as_double(), 7.0);
    EXPECT_EQ(document.root().items()[1].as_double(), std::nullopt);
}

TEST(Reader, FindLooksAtTheObjectItselfOnly) {
    const auto document = parsed(R"({"outer": {"inner": 1}})");
    EXPECT_FALSE(document.root().find("inner").has_value());
    EXPECT_EQ(document.root().find("outer")->find("inner")->as_int(), 1);
}

TEST(Reader, EscapesInKeysAndTextAreRead) {
    const auto document = parsed(R"({"k\u0065y": "a\u00e9\n\ud83d\ude00\u0000b"})");
    EXPECT_EQ(document.root().find("key")->as_string(),
              std::string_view("a\xC3\xA9\n\xF0\x9F\x98\x80\0b", 10));
}

TEST(Reader, MembersKeepTheirOrder) {
    const auto document = parsed(R"({"b": 1, "a": 2})");
    std::string keys;
    for (const auto& member : document.root().members()) keys += member.key;
    EXPECT_EQ(keys, "ba");
}

TEST(Reader, AskingAScalarForItsPartsGivesNone) {
    const auto document = parsed("1");
    EXPECT_THAT(document.root().members(), IsEmpty());
    EXPECT_THAT(document.root().items(), IsEmpty());
    EXPECT_THAT(document.root().repeated_keys(), IsEmpty());
    EXPECT_FALSE(document.root().find("a").has_value());
}

TEST(Reader, RepeatedKeysAreFoundOnceEachAndTheFirstWins) {
    const auto document = parsed(R"({"b": 1, "a": 1, "b": 2, "b": 3, "c": {"a": 1, "a": 2}})");
    EXPECT_THAT(document.root().repeated_keys(), ElementsAre("b"));
    EXPECT_THAT(document.root().find("c")->repeated_keys(), ElementsAre("a"));
    EXPECT_EQ(document.root().find("b")->as_int(), 1);
}

TEST(Reader, ValuesStayValidWhenTheirDocumentMoves) {
    auto document = parsed(R"({"a": "text long enough to be on the heap"})");
    const auto value = *document.root().find("a");
    const Document moved = std::move(document);
    EXPECT_EQ(value.as_string(), "text long enough to be on the heap");
}

TEST(Reader, TheDocumentOutlivesItsText) {
    auto text = std::make_unique<std::string>(R"({"a": "b"})");
    const auto document = parsed(*text);
    text.reset();
    EXPECT_EQ(document.root().find("a")->as_string(), "b");
}

TEST(Reader, ScalarsAreDocuments) {
    EXPECT_EQ(parsed(" 12 ").root().as_int(), 12);
    EXPECT_EQ(parsed("\"a\"").root().as_string(), "a");
    EXPECT_TRUE(parsed("null").root().is_null());
}

TEST(Reader, AByteOrderMarkIsSkipped) {
    EXPECT_TRUE(parsed("\xEF\xBB\xBF{}").root().is_object());
    EXPECT_THAT(message_for("\xEF\xBB\xBF"), HasSubstr("empty"));
}

TEST(Reader, EmptyTextIsAnError) {
    EXPECT_THAT(message_for(""), HasSubstr("empty"));
    EXPECT_THAT(message_for(" \n\t"), HasSubstr("empty"));
}

TEST(Reader, TextOverTheLimitIsNotParsed) {
    EXPECT_EQ(message_for("[1]", {.bytes_max = 3}), "parsed");
    EXPECT_THAT(message_for("[12]", {.bytes_max = 3}),
                AllOf(HasSubstr("4 bytes"), HasSubstr("limit of 3")));
}

TEST(Reader, DepthIsLimited) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + "1" + std::string(depth, ']');
    };
    EXPECT_EQ(message_for(nested(32)), "parsed");
    EXPECT_THAT(message_for(nested(33)), HasSubstr("deeper than 32 levels"));
    EXPECT_EQ(message_for("[[1]]", {.bytes_max = 100, .depth_max = 2}), "parsed");
    EXPECT_THAT(message_for("[[[1]]]", {.bytes_max = 100, .depth_max = 2}),
                HasSubstr("deeper than 2 levels"));
}

TEST(Reader, DepthBombsAreRefused) {
    EXPECT_THAT(message_for(std::string(1 << 20, '[')), HasSubstr("not JSON"));
    EXPECT_THAT(message_for(std::string(1 << 19, '[') + std::string(1 << 19, ']')),
                HasSubstr("deeper than 32 levels"));
}

TEST(Reader, InvalidUtf8IsAnError) {
    EXPECT_THAT(message_for("{\"a\": \"\xFF\"}"), HasSubstr("UTF-8"));
    EXPECT_THAT(message_for("{\"a\": \"\xC3\"}"), HasSubstr("UTF-8"));
    EXPECT_THAT(message_for("\"\xED\xA0\x80\""), HasSubstr("UTF-8"));  // a lone surrogate
}

TEST(Reader, TextAfterTheEndIsAnError) {
    EXPECT_THAT(message_for("{} x"), HasSubstr("text after the end"));
    EXPECT_THAT(message_for("{}{}"), HasSubstr("text after the end"));
    EXPECT_THAT(message_for("1 2"), HasSubstr("text after the end"));
    EXPECT_THAT(message_for(std::string_view("{}\0", 3)), HasSubstr("text after the end"));
}

TEST(Reader, NumbersThatCannotBeHeldAreErrors) {
    EXPECT_THAT(message_for("[1e400]"), HasSubstr("number is malformed or out of range"));
    EXPECT_THAT(message_for("[18446744073709551616]"), HasSubstr("out of range"));
    EXPECT_THAT(message_for("[01]"), HasSubstr("number is malformed"));
    EXPECT_THAT(message_for("[1.]"), HasSubstr("number is malformed"));
}

TEST(Reader, OtherDialectsAreErrors) {
    for (const auto* text : {"{'a': 1}", "{a: 1}", "[1,]", "[NaN]", "[Infinity]", "[True]",
                             "// comment\n{}", "{\"a\" 1}", "[1 2]", "[+1]", "{\"a\": 1"}) {
        EXPECT_THAT(message_for(text), HasSubstr("not JSON")) << text;
    }
}

TEST(Reader, ErrorsSayWhereTheFaultIs) {
    EXPECT_THAT(message_for("{\n  \"a\": 1\n  \"b\": 2\n}"), HasSubstr("(line 3, column 3)"));
    EXPECT_THAT(message_for("{\"a\":1,}"), HasSubstr("(line 1, column 8)"));
    EXPECT_THAT(message_for("{\"a\": nul}"), HasSubstr("true, false, null (line 1, column 7)"));
    EXPECT_THAT(message_for("{}\n}"), Not(HasSubstr("(line 1, column 1)")));
}

TEST(Reader, AnEmptyArrayAtTheDepthLimitIsNotTakenForTheFault) {
    const auto document = parse("[[],]", {.bytes_max = 100, .depth_max = 1});
    ASSERT_FALSE(document);
    EXPECT_THAT(document.error().message, HasSubstr("(line 1, column 5)"));
}

TEST(Reader, ANumberFarTooSmallIsNotTakenForTheFault) {
    const auto document = parse("[0, 1e-400456789012345678, ]", limits);
    ASSERT_FALSE(document);
    EXPECT_THAT(document.error().message, HasSubstr("(line 1, column 28)"));
}

TEST(Reader, ErrorsDoNotQuoteTheDocument) {
    EXPECT_THAT(message_for(R"({"password": "hunter2",})"), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace fas::json
