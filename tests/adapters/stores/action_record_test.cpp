#include "adapters/stores/action_record.h"

#include <gtest/gtest.h>

namespace fas::adapters {
namespace {

TEST(ActionRecord, ReadsWhatTheOriginalWrote) {
    const auto record = read_action_record(
        R"({"timestamp": 1682341234.567, "cluster": "c", "service": "s", "action_type": "up",
            "count": 5})");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->action.at, from_epoch_seconds(1682341234.567));
    EXPECT_EQ(record->action.backlog, std::nullopt);
    EXPECT_EQ(record->writer, "");
}

TEST(ActionRecord, ReadsTheIsoTimesOfOlderFiles) {
    const auto record = read_action_record(
        R"({"timestamp": "2023-04-24T13:00:34.567000", "cluster": "c", "service": "s"})");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->action.at, from_epoch_seconds(1682341234.567));
}

TEST(ActionRecord, ReadsWhatItWrote) {
    const ActionRecord written{{*from_epoch_seconds(1700000000.25), Messages{420}, Tasks{12}},
                               "writer-1"};
    const std::string text =
        write_action_record(written, scaling::Action::scale_in, "my \"cluster\"", "s");
    EXPECT_NE(text.find(R"("action_type":"down")"), std::string::npos);
    EXPECT_NE(text.find(R"("count":12)"), std::string::npos);
    const auto record = read_action_record(text);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->action.at, written.action.at);
    EXPECT_EQ(record->action.backlog, written.action.backlog);
    EXPECT_EQ(record->action.desired, written.action.desired);
    EXPECT_EQ(record->writer, "writer-1");
}

TEST(ActionRecord, ACountBelowZeroIsNone) {
    const auto record =
        read_action_record(R"({"timestamp": 1.5e9, "messages": -5, "desired": -1})");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->action.backlog, std::nullopt);
    EXPECT_EQ(record->action.desired, std::nullopt);
}

TEST(ActionRecord, WhatHoldsNoTimeIsCorrupt) {
    for (const char* text : {"", "{}", "[]", "null", "{\"timestamp\":", "{\"timestamp\": null}",
                             "{\"timestamp\": \"soon\"}", "{\"timestamp\": -5}",
                             "{\"timestamp\": 1e300}", "<Error/>"}) {
        const auto record = read_action_record(text);
        ASSERT_FALSE(record) << text;
        EXPECT_EQ(record.error().kind, ErrorKind::invalid);
    }
}

}  // namespace
}  // namespace fas::adapters
