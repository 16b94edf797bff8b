#include "app/event.h"

#include <gtest/gtest.h>

#include <string>

namespace fas::app {
namespace {

Result<Event> event(std::string text) { return read_event({"event", std::move(text)}); }

TEST(Event, AsksForTheWholeUnlessItNamesAShard) {
    EXPECT_EQ(event(R"({"shard": "2/3"})")->shard, (Shard{2, 3}));
    EXPECT_EQ(event(R"({"shard": "2/3", "config": {}})")->shard, (Shard{2, 3}));
    for (const char* text : {"{}", "[]", "7", R"({"config": {}})", "no JSON"}) {
        EXPECT_EQ(event(text)->shard, Shard{}) << text;
    }
    EXPECT_FALSE(event(R"({"shard": 2})"));
    EXPECT_FALSE(event(R"({"shard": "4/3"})"));
}

TEST(Event, BringsSettingsWhereItHasAConfig) {
    for (const char* text : {R"({"config": {}})", R"({"config": null})", "no JSON", ""}) {
        const auto read = event(text);
        ASSERT_TRUE(read->settings) << text;
        EXPECT_EQ(read->settings->name, "event");
        EXPECT_EQ(read->settings->text, text);
    }
    for (const char* text : {"{}", "[]", "7", "null", R"({"shard": "2/3"})"}) {
        EXPECT_FALSE(event(text)->settings) << text;
    }
}

}  // namespace
}  // namespace fas::app
