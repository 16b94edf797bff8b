#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace fas {
namespace {

std::string quoted(std::string_view text) { return JsonWriter{}.value(text).text(); }

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
    JsonWriter json;
    json.begin_object().member("a", 1).key("b").begin_array().value(2).begin_object().end_object();
    json.value("x").end_array().member("c", true).key("d").null().end_object();
    EXPECT_EQ(json.text(), R"({"a":1,"b":[2,{},"x"],"c":true,"d":null})");
}

TEST(JsonWriter, EscapesWhatJsonForbids) {
    EXPECT_EQ(quoted("a\"b\\c\nd\te\x01"), R"("a\"b\\c\nd\u0009e\u0001")");
    EXPECT_EQ(quoted("\x7f"), R"("\u007f")");
}

TEST(JsonWriter, EscapesWhatATerminalObeys) {
    EXPECT_EQ(quoted("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"), "\"\\u0080\\u009b\\u009f\xc2\xa0\"");
    EXPECT_EQ(JsonWriter{}.begin_object().member("\xc2\x9b", 1).end_object().text(),
              R"({"\u009b":1})");
}

TEST(JsonWriter, KeepsUtf8AndReplacesWhatIsNot) {
    EXPECT_EQ(quoted("gr\xc3\xbc\xc3\x9f \xf0\x9f\x9a\x80"),
              "\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x9a\x80\"");
    EXPECT_EQ(quoted("a\xff"
                     "b"),
              "\"a\xef\xbf\xbd"
              "b\"");
    EXPECT_EQ(quoted("\xc3"), "\"\xef\xbf\xbd\"");                  // cut short
    EXPECT_EQ(quoted("\xc0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");  // overlong
}

TEST(JsonWriter, WritesNumbersThatReadBackTheSame) {
    EXPECT_EQ(JsonWriter{}.value(1682341234.567).text(), "1682341234.567");
    EXPECT_EQ(JsonWriter{}.value(0.1).text(), "0.1");
    EXPECT_EQ(JsonWriter{}.value(std::int64_t{-9007199254740993}).text(), "-9007199254740993");
}

TEST(JsonWriter, HasNoNumberThatIsNone) {
    EXPECT_EQ(JsonWriter{}.value(std::nan("")).text(), "null");
    EXPECT_EQ(JsonWriter{}.value(HUGE_VAL).text(), "null");
}

}  // namespace
}  // namespace fas
