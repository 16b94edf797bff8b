#include "clients/aws/credentials/keys_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fas::clients {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Error error_of(std::string_view text) {
    const auto fetched = read_keys_json(text, "Token");
    EXPECT_FALSE(fetched) << text;
    return fetched ? Error{} : fetched.error();
}

TEST(KeysJson, ReadsKeysWithTheirTokenAndEnd) {
    const auto fetched = read_keys_json(
        R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIA1","SecretAccessKey":"s/+",
            "Token":"t==","Expiration":"2026-11-23T12:00:00Z","AccountId":"1","Extra":{"a":[1]}})",
        "Token");
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->keys.access_key_id, "ASIA1");
    EXPECT_EQ(fetched->keys.secret_access_key.reveal(), "s/+");
    EXPECT_EQ(fetched->keys.session_token.reveal(), "t==");
    EXPECT_EQ(fetched->expires, from_epoch_seconds(1'795'435'200));
}

TEST(KeysJson, KeysMayLastForEverAndNeedNoToken) {
    for (const std::string_view text :
         {R"({"AccessKeyId":"AKIA1","SecretAccessKey":"s"})",
          R"({"AccessKeyId":"AKIA1","SecretAccessKey":"s","Token":null,"Expiration":null})"}) {
        const auto fetched = read_keys_json(text, "Token");
        ASSERT_TRUE(fetched) << text;
        EXPECT_TRUE(fetched->keys.session_token.empty());
        EXPECT_FALSE(fetched->expires);
    }
}

TEST(KeysJson, TheTokensNameIsTheCallers) {
    const auto fetched = read_keys_json(
        R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"one","SessionToken":"two"})",
        "SessionToken");
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->keys.session_token.reveal(), "two");
}

TEST(KeysJson, ARefusalInPlaceOfKeysIsToldAsSuch) {
    const Error error = error_of(
        R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role\nmore"})");
    EXPECT_EQ(error.kind, ErrorKind::denied);
    EXPECT_EQ(error.code, "AssumeRoleUnauthorizedAccess");
    EXPECT_EQ(error.message, "EC2 cannot assume the role");
    EXPECT_EQ(read_refusal(R"({"code":"NoTask","message":"gone"})"), "NoTask: gone");
    EXPECT_EQ(read_refusal(R"({"message":"gone"})"), "gone");
    EXPECT_EQ(read_refusal("<html>"), "");
    EXPECT_FALSE(error_of(R"({"Code":"NoRole"})").message.empty());
    EXPECT_EQ(error_of(R"({"Message":"no\u001b[2J"})").message, "no");
}

TEST(KeysJson, WhatIsNoKeysIsRefusedWithoutQuotingIt) {
    for (const std::string& text : {
             std::string{},
             std::string{"hidden"},
             std::string{R"(["hidden"])"},
             std::string{R"({"Code":7,"Message":null})"},
             std::string{R"({"AccessKeyId":"hidden"})"},
             std::string{R"({"SecretAccessKey":"hidden"})"},
             std::string{R"({"AccessKeyId":"","SecretAccessKey":"hidden"})"},
             std::string{R"({"AccessKeyId":"A","SecretAccessKey":["hidden"]})"},
             std::string{R"({"AccessKeyId":"A","SecretAccessKey":"hidden","Token":7})"},
             std::string{R"({"AccessKeyId":"A","SecretAccessKey":"hidden\r\nX-Header: y"})"},
             std::string{R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"hidden one"})"},
             std::string{R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"hidden"})"},
             std::string{R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":1})"},
             R"({"AccessKeyId":"A","SecretAccessKey":")" + std::string(70'000, 'x') + "\"}",
         }) {
        const Error error = error_of(text);
        EXPECT_EQ(error.kind, ErrorKind::invalid) << text;
        EXPECT_EQ(error.code, "UnusableKeys") << text;
        EXPECT_THAT(error.message, Not(HasSubstr("hidden")));
    }
}

}  // namespace
}  // namespace fas::clients
