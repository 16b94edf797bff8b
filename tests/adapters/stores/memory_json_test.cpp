#include "adapters/stores/memory_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace fas::adapters {
namespace {

using ::testing::HasSubstr;

Result<scaling::Memory> read(std::string_view text) {
    const auto document = json::parse(text, {.bytes_max = 1 << 20});
    if (!document) return document.error();
    return read_memory(document->root());
}

std::string written(const scaling::Memory& memory) {
    JsonWriter json;
    write_memory(json, memory);
    return json.take();
}

TEST(MemoryJson, NothingToRememberIsShort) {
    EXPECT_EQ(written({}), R"({"version":1})");
    EXPECT_EQ(read(R"({"version":1})").value(), scaling::Memory{});
}

TEST(MemoryJson, WhatIsReadIsWhatWasWrittenToTheLastDigit) {
    std::mt19937 random{7};
    const auto number = [&random](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>{0, most}(random);
    };
    const auto time = [&] {
        return TimePoint{std::chrono::microseconds{number(2'000'000'000'000'000)}};
    };
    const auto samples = [&] {
        std::vector<scaling::Sample> some(static_cast<std::size_t>(number(5)));
        for (auto& each : some) each = {time(), time(), Tasks{number(100'000)}};
        return some;
    };
    for (int i = 0; i < 500; ++i) {
        scaling::Memory memory;
        memory.readings.failures = number(9);
        if (number(1) == 1) {
            scaling::QueueDepth depth{.visible = Messages{number(1'000'000'000'000)}};
            if (number(1) == 1) depth.in_flight = Messages{number(100)};
            if (number(1) == 1) depth.stuck = Messages{number(100)};
            if (number(1) == 1) depth.oldest_age = Seconds{double(number(1'000'000)) / 7};
            if (number(1) == 1) depth.publish_rate = double(number(1'000'000)) / 9;
            if (number(1) == 1) depth.delivery_rate = double(number(1'000'000)) / 11;
            if (number(1) == 1) depth.measured_at = time();
            if (number(1) == 1) depth.estimated_from = "pages 1 and 2 \"of\" 9";
            memory.readings.last_good = std::move(depth);
            memory.readings.last_good_at = time();
        }
        memory.launched = samples();
        memory.evidence = samples();
        if (number(1) == 1) memory.future_records = {{time(), time()}};
        memory.behavior = {true, samples(), samples(), samples(), samples()};
        ASSERT_EQ(read(written(memory)).value(), memory) << written(memory);
    }
}

TEST(MemoryJson, RefusesWhatItDidNotWrite) {
    const auto why = [](std::string_view text) {
        const auto memory = read(text);
        return memory ? "" : memory.error().message;
    };
    EXPECT_THAT(why("[]"), HasSubstr("not a JSON object"));
    EXPECT_THAT(why("{}"), HasSubstr("no version"));
    EXPECT_THAT(why(R"({"version":2})"), HasSubstr("of version 2, and known is 1"));
    EXPECT_THAT(why(R"({"version":"1"})"), HasSubstr("version"));
    EXPECT_THAT(why(R"({"version":1,"readings":[]})"), HasSubstr("readings"));
    EXPECT_THAT(why(R"({"version":1,"readings":{"failures":-1}})"), HasSubstr("failures"));
    EXPECT_THAT(why(R"({"version":1,"readings":{"last_good":{}}})"), HasSubstr("visible"));
    EXPECT_THAT(why(R"({"version":1,"readings":{"last_good":{"visible":1,"oldest_age":-1}}})"),
                HasSubstr("oldest_age"));
    for (const char* samples :
         {"1", "[1]", "[[1,2]]", "[[1,2,-3]]", "[[1,2,3.5]]", "[[1,2,\"3\"]]", "[[1,2,3,4]]"}) {
        EXPECT_THAT(why(std::string{R"({"version":1,"behavior":{"added":)"} + samples + "}}"),
                    HasSubstr("added"))
            << samples;
    }
}

}  // namespace
}  // namespace fas::adapters
