// https://datatracker.ietf.org/doc/html/rfc6901
#include "json/pointer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "tests/json/parsed.h"

namespace fas::json {
namespace {

using ::testing::HasSubstr;

TEST(JsonPointer, NamesTheValuesOfTheRfcsExample) {
    const auto document =
        parsed(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,)"
               R"("k\"l":6," ":7,"m~n":8})");
    const std::pair<const char*, int> numbers[]{
        {"/", 0},     {"/a~1b", 1}, {"/c%d", 2}, {"/e^f", 3},  {"/g|h", 4},
        {"/i\\j", 5}, {"/k\"l", 6}, {"/ ", 7},   {"/m~0n", 8},
    };
    for (const auto& [pointer, number] : numbers) {
        const auto value = find_pointer(document.root(), pointer);
        ASSERT_TRUE(value) << pointer << value.error().message;
        EXPECT_EQ(value->as_int(), number) << pointer;
    }
    EXPECT_TRUE(find_pointer(document.root(), "")->is_object());
    EXPECT_TRUE(find_pointer(document.root(), "/foo")->is_array());
    EXPECT_EQ(find_pointer(document.root(), "/foo/0")->as_string(), "bar");
    EXPECT_EQ(find_pointer(document.root(), "/foo/1")->as_string(), "baz");
}

TEST(JsonPointer, UnescapesOnce) {
    const auto document = parsed(R"({"~1":1,"/":2,"~":3,"0":{"":{"x":4}}})");
    EXPECT_EQ(find_pointer(document.root(), "/~01")->as_int(), 1);
    EXPECT_EQ(find_pointer(document.root(), "/~1")->as_int(), 2);
    EXPECT_EQ(find_pointer(document.root(), "/~0")->as_int(), 3);
    EXPECT_EQ(find_pointer(document.root(), "/0//x")->as_int(), 4);
}

TEST(JsonPointer, SaysWhatIsThereInstead) {
    const auto document =
        parsed(R"({"queues":[{"depth":1,"name":"a\nb"}],"n":null,"empty":{},"many":{"a":1,"b":2,)"
               R"("c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9}})");
    const std::pair<const char*, const char*> cases[]{
        {"/queue", "/queue is not there: at the top is an object with \"queues\", \"n\""},
        {"/queues/1/depth", "at /queues is an array of 1 items"},
        {"/queues/-", "at /queues is an array"},
        {"/queues/00", "at /queues is an array"},
        {"/queues/+0", "at /queues is an array"},
        {"/queues/", "at /queues is an array"},
        {"/queues/99999999999999999999", "at /queues is an array"},
        {"/queues/0/size", "at /queues/0 is an object with \"depth\", \"name\""},
        {"/n/x", "at /n is a null"},
        {"/queues/0/depth/x", "at /queues/0/depth is a number"},
        {"/empty/x", "at /empty is an object without members"},
        {"/many/x", "\"h\", ..."},
    };
    for (const auto& [pointer, what] : cases) {
        const auto value = find_pointer(document.root(), pointer);
        ASSERT_FALSE(value) << pointer;
        EXPECT_EQ(value.error().kind, ErrorKind::invalid);
        EXPECT_EQ(value.error().code, "NotThere");
        EXPECT_THAT(value.error().message, HasSubstr(what)) << pointer;
    }
}

TEST(JsonPointer, HasAForm) {
    const std::regex pattern{std::string{pointer_pattern}};
    const std::pair<const char*, bool> cases[]{
        {"", true},    {"/", true},    {"/a", true}, {"/a/b~0~1", true}, {"a", false},
        {"/~", false}, {"/~2", false}, {"//", true}, {"/a~", false},     {"#/a", false},
    };
    for (const auto& [text, valid] : cases) {
        EXPECT_EQ(is_pointer(text), valid) << text;
        EXPECT_EQ(std::regex_search(text, pattern), valid) << text;
    }
}

}  // namespace
}  // namespace fas::json
