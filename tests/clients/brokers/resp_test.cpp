#include "clients/brokers/resp.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fas::clients {
namespace {

using Kind = RespReply::Kind;

RespReply text(std::string value, Kind kind = Kind::text) {
    return {.kind = kind, .text = std::move(value)};
}
RespReply integer(std::int64_t value) { return {.kind = Kind::integer, .integer = value}; }
RespReply list(std::vector<RespReply> items) {
    return {.kind = Kind::list, .items = std::move(items)};
}

// All the replies, or the error's code, as the last.
struct Outcome {
    std::vector<RespReply> replies;
    std::string code;
};

Outcome read(const std::string& bytes, std::size_t step, std::size_t bytes_max = 1000) {
    RespReader reader(bytes_max);
    Outcome outcome;
    for (std::size_t i = 0; i < bytes.size(); i += step) {
        reader.add(std::string_view(bytes).substr(i, step));
        for (;;) {
            auto reply = reader.next();
            if (!reply) {
                outcome.code = reply.error().code;
                return outcome;
            }
            if (!*reply) break;
            outcome.replies.push_back(std::move(**reply));
        }
    }
    return outcome;
}

TEST(Resp, ReadsEachKindInPiecesOfAnySize) {
    const std::string bytes =
        "+OK\r\n-WRONGTYPE not that\r\n:-42\r\n$5\r\nhe\r\no\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
        "*3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n+x\r\n:7\r\n";
    const std::vector<RespReply> expected{
        text("OK", Kind::status),
        text("WRONGTYPE not that", Kind::error),
        integer(-42),
        text("he\r\no"),
        text(""),
        {},
        {},
        list({}),
        list({integer(1), list({text("a"), {}}), text("x", Kind::status)}),
        integer(7),
    };
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        const Outcome outcome = read(bytes, step);
        EXPECT_EQ(outcome.code, "") << step;
        EXPECT_EQ(outcome.replies, expected) << step;
    }
}

TEST(Resp, WaitsForTheLastByte) {
    const std::string bytes = "*2\r\n$3\r\nabc\r\n:1\r\n";
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const Outcome outcome = read(bytes.substr(0, size), 4);
        EXPECT_TRUE(outcome.replies.empty()) << size;
        EXPECT_EQ(outcome.code, "") << size;
    }
}

TEST(Resp, RefusesWhatIsNoReply) {
    for (const char* const bytes : {"HTTP/1.1 400 Bad Request\r\n", ":\r\n", ":1x\r\n", ": 1\r\n",
                                    ":99999999999999999999\r\n", "$-2\r\n", "*-2\r\n",
                                    "$1\r\nab\r\n", "*1\r\n!\r\n", "\r\n", "\x15\x03\x01"}) {
        const Outcome outcome = read(bytes, 100);
        EXPECT_EQ(outcome.code, "MalformedResponse") << bytes;
        EXPECT_TRUE(outcome.replies.empty());
    }
}

TEST(Resp, RefusesMoreThanItsLimits) {
    EXPECT_EQ(read("$1000\r\n", 100).code, "");
    EXPECT_EQ(read("$1001\r\n", 100).code, "ResponseTooLarge");
    EXPECT_EQ(read("$9223372036854775807\r\n", 100).code, "ResponseTooLarge");
    EXPECT_EQ(read("*65537\r\n", 100).code, "ResponseTooLarge");
    EXPECT_EQ(read("*9223372036854775807\r\n", 100).code, "ResponseTooLarge");
    EXPECT_EQ(read(std::string(8194, '+'), 100, 100000).code, "ResponseTooLarge");
    std::string deep;
    for (int i = 0; i < 8; ++i) deep += "*1\r\n";
    EXPECT_EQ(read(deep + ":1\r\n", 100).replies.size(), 1U);
    EXPECT_EQ(read("*1\r\n" + deep + ":1\r\n", 100).code, "ResponseTooLarge");
    // Items that are small each, and many.
    std::string many = "*300\r\n";
    for (int i = 0; i < 300; ++i) many += ":1\r\n";
    EXPECT_EQ(read(many, 7).code, "ResponseTooLarge");
    EXPECT_EQ(read(many, 7, 1300).replies.size(), 1U);
}

TEST(Resp, CountsEachReplyByItself) {
    std::string bytes;
    for (int i = 0; i < 100; ++i) bytes += "$20\r\n01234567890123456789\r\n";
    EXPECT_EQ(read(bytes, 1000, 100).replies.size(), 100U);
}

TEST(Resp, EncodesCommandsByTheirBytes) {
    EXPECT_EQ(encode_command({"LLEN", "a \r\nb", ""}),
              "*3\r\n$4\r\nLLEN\r\n$5\r\na \r\nb\r\n$0\r\n\r\n");
}

}  // namespace
}  // namespace fas::clients
