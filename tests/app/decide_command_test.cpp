#include "app/decide_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string answer(std::string_view line) {
    TargetSettings settings;
    settings.rules.scale_in_evidence = Seconds{0};  // one line is enough
    const auto text = decide_line(line, settings);
    return text ? *text : "error: " + text.error().message;
}

TEST(DecideCommand, AnswersAQuestion) {
    EXPECT_THAT(answer(R"({"now":1700000000,"visible":500,"in_flight":0,"desired":10,"running":10,
                           "pending":0,"last_scale_out":null,"last_scale_in":null})"),
                StartsWith(R"({"action":"scale_out","desired":15,"current":10,"reason":")"));
}

TEST(DecideCommand, TakesTimesInBothForms) {
    for (const char* last : {"1699999990", "\"2023-11-14T22:13:10Z\""}) {
        EXPECT_THAT(answer(std::string{R"({"now":1700000000,"visible":0,"in_flight":0,"desired":40,
                                           "running":40,"last_scale_in":)"} +
                           last + "}"),
                    HasSubstr("10 s ago"));
    }
}

TEST(DecideCommand, WhatIsUnknownIsNotZero) {
    for (const char* visible :
         {R"("visible":null,)", R"("visible":0,"unknown":["visible"],)", ""}) {
        EXPECT_THAT(answer(std::string{"{"} + visible +
                           R"("now":1700000000,"in_flight":0,"desired":40,"running":40})"),
                    StartsWith(R"({"action":"hold","desired":40)"))
            << visible;
    }
    EXPECT_THAT(answer(R"({"now":1700000000,"visible":0,"in_flight":0,"desired":40,"running":40,
                           "unknown":["last_scale_out"]})"),
                StartsWith(R"({"action":"hold")"));
    EXPECT_THAT(answer(R"({"now":1700000000,"visible":500,"in_flight":0,"unknown":["desired"],
                           "running":10})"),
                StartsWith(R"({"action":"hold","desired":null)"));
}

TEST(DecideCommand, DoesNotRepeatAnEndlessName) {
    const std::string name(60'000, 'x');
    EXPECT_LT(answer("{\"" + name + "\":1}").size(), 200U);
    EXPECT_EQ(answer(R"({"a\u001b[2J":1})").find('\x1B'), std::string::npos);
}

TEST(DecideCommand, RefusesWhatItCannotRead) {
    EXPECT_THAT(answer("no json"), StartsWith("error: "));
    EXPECT_THAT(answer("[]"), HasSubstr("a JSON object"));
    EXPECT_THAT(answer(R"({"visible":1,"desired":1,"running":1})"), HasSubstr("now"));
    EXPECT_THAT(answer(R"({"now":1,"visible":-1,"desired":1,"running":1})"), HasSubstr("visible"));
    EXPECT_THAT(answer(R"({"now":1,"visible":1.5,"desired":1,"running":1})"), HasSubstr("visible"));
    EXPECT_THAT(answer(R"({"now":1,"visible":"1","desired":1,"running":1})"), HasSubstr("visible"));
    EXPECT_THAT(answer(R"({"now":"x","desired":1,"running":1})"), HasSubstr("now"));
    EXPECT_THAT(answer(R"({"now":1,"running":1})"), HasSubstr("desired"));
    EXPECT_THAT(answer(R"({"now":1,"visable":1,"desired":1,"running":1})"),
                HasSubstr("did you mean visible?"));
    EXPECT_THAT(answer(R"({"now":1,"now":2,"desired":1,"running":1})"), HasSubstr("once"));
    EXPECT_THAT(answer(R"({"now":1,"desired":1,"running":1,"unknown":["x"]})"),
                HasSubstr("unknown"));
    EXPECT_THAT(answer(R"({"now":1,"desired":1,"running":1,"deployment_in_progress":1})"),
                HasSubstr("true or false"));
}

TEST(DecideCommand, ABadLineLosesNoOther) {
    const std::string good = R"({"now":1,"visible":0,"in_flight":0,"desired":10,"running":10})";
    const std::string input = good + "\nnonsense\n\n" + good;  // and no newline at the end
    std::FILE* in = std::tmpfile();
    std::FILE* out = std::tmpfile();
    std::fputs(input.c_str(), in);
    std::rewind(in);
    EXPECT_EQ(decide_lines(TargetSettings{}, in, out), exit_usage);
    std::rewind(out);
    std::string text(8192, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), out));
    std::fclose(in);
    std::fclose(out);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
    EXPECT_THAT(text, HasSubstr(R"({"line":2,"error":")"));
}

}  // namespace
}  // namespace fas::app
