#include "clients/answers/json_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JsonAnswerTest : public testing::Test {
  protected:
    JsonAnswer& answer(std::string body, int status = 200) {
        response_ = {status, {{"x-amzn-requestid", "0b9c"}}, std::move(body)};
        return answer_.emplace("SQS", "GetThing", response_);
    }

    // What is wrong with the answer, after the words that all errors begin with.
    std::string wrong() const {
        constexpr std::string_view begin = "GetThing answered something unusable: ";
        const std::string message = answer_->wrong().value_or(Error{}).message;
        EXPECT_THAT(message, testing::StartsWith(begin));
        return message.substr(std::min(begin.size(), message.size()));
    }

    reactor::HttpResponse response_;
    std::optional<JsonAnswer> answer_;
};

TEST_F(JsonAnswerTest, GivesWhatWasReadOfIt) {
    const JsonPart root = answer(R"({"a":{"name":"","n":7,"text":"12","list":[1,2]}})").root();
    const JsonPart part = root.part("a");
    EXPECT_EQ(part.text("name"), "");
    EXPECT_EQ(part.count("n"), 7);
    EXPECT_EQ(part.written_count("text"), 12);
    EXPECT_EQ(part.list("list").size(), 2U);
    const auto given = answer_->give(5);
    ASSERT_TRUE(given);
    EXPECT_EQ(*given, 5);
}

TEST_F(JsonAnswerTest, TheFirstThingThatIsMissingIsTheError) {
    const JsonPart root = answer(R"({"b":null})", 202).root();
    EXPECT_EQ(root.part("a").part("deeper").count("deepest"), 0);
    EXPECT_EQ(root.text("b"), "");
    const auto given = answer_->give(5);
    ASSERT_FALSE(given);
    EXPECT_EQ(given.error().message, "GetThing answered something unusable: no a");
    EXPECT_EQ(given.error().kind, ErrorKind::invalid);
    EXPECT_EQ(given.error().code, "UnusableAnswer");
    EXPECT_EQ(given.error().service, "SQS");
    EXPECT_EQ(given.error().http_status, 202);
    EXPECT_EQ(given.error().request_id, "0b9c");
}

TEST_F(JsonAnswerTest, WhatIsSomethingElseIsMissing) {
    for (const char* body : {R"({"x":null})", R"({"x":true})", R"({"x":{}})", R"({"y":1})"}) {
        EXPECT_EQ(answer(body).root().text("x"), "") << body;
        EXPECT_EQ(wrong(), "no x");
        EXPECT_EQ(answer(body).root().count("x"), 0) << body;
        EXPECT_EQ(wrong(), "no x");
        EXPECT_THAT(answer(body).root().list("x"), IsEmpty()) << body;
        EXPECT_EQ(wrong(), "no x");
    }
    EXPECT_EQ(answer(R"({"x":""})").root().some_text("x"), "");
    EXPECT_EQ(wrong(), "no x");
    for (const char* body : {R"({"x":-1})", R"({"x":1.5})", R"({"x":"1"})"}) {
        EXPECT_EQ(answer(body).root().count("x"), 0) << body;
        EXPECT_EQ(wrong(), "no x");
    }
    for (const char* body : {R"({"x":"-1"})", R"({"x":" 1"})", R"({"x":""})", R"({"x":1})"}) {
        EXPECT_EQ(answer(body).root().written_count("x"), 0) << body;
        EXPECT_EQ(wrong(), "no x");
    }
}

TEST_F(JsonAnswerTest, WhatMayBeMissingIsNotWrong) {
    const JsonPart root = answer(R"({"n":-1,"t":7,"l":"x"})").root();
    EXPECT_FALSE(root.find("x"));
    EXPECT_FALSE(root.count_at("n"));
    EXPECT_EQ(root.text_at("t"), "");
    EXPECT_THAT(root.items_at("l"), IsEmpty());
    EXPECT_TRUE(answer_->give(5));
}

TEST_F(JsonAnswerTest, MustBeAnObjectWithinTheLimits) {
    for (const char* body : {"[]", "null", "12", "\"a\""}) {
        EXPECT_EQ(answer(body).root().text("x"), "") << body;
        EXPECT_EQ(wrong(), "it is not an object");
    }
    EXPECT_EQ(answer("<html>").root().text("x"), "");
    EXPECT_THAT(wrong(), HasSubstr("not JSON"));
    EXPECT_FALSE(answer(R"({"x":")" + std::string(70'000, 'x') + "\"}").give(5));
    EXPECT_THAT(wrong(), HasSubstr("over the limit"));
}

TEST_F(JsonAnswerTest, AnEntryMayBeWrongByItself) {
    JsonAnswer& whole = answer(R"({"list":[{"n":1},{}]})");
    std::vector<bool> read;
    for (const json::Value& entry : whole.root().list("list")) {
        Answer own = whole;
        const JsonPart part{own, entry};
        read.push_back(own.give(part.count("n")).has_value());
    }
    EXPECT_THAT(read, ElementsAre(true, false));
    EXPECT_TRUE(whole.give(5));
}

TEST_F(JsonAnswerTest, OtherErrorsAreAboutItToo) {
    const Error error = answer("{}", 404).error(ErrorKind::not_found, "Gone", "it is not there");
    EXPECT_EQ(describe(error), "SQS: it is not there (Gone, HTTP 404, request id 0b9c)");
}

}  // namespace
}  // namespace fas::clients
