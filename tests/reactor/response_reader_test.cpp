// Each response is read whole, and byte by byte: where a connection cuts it must not matter.
#include "reactor/response_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace fas::reactor {
namespace {

struct Read {
    std::string outcome;  // the error's code, "incomplete" or "complete"
    HttpResponse response;
    bool reusable = false;

    bool operator==(const Read& other) const {
        return outcome == other.outcome && response.status == other.response.status &&
               response.body == other.response.body && reusable == other.reusable;
    }
};

Read read_in_pieces(std::string_view bytes, std::size_t piece, bool connection_ends) {
    ResponseReader reader(16);
    Read read;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const Result<void> added = reader.add(bytes.substr(at, piece));
        if (!added) {
            read.outcome = added.error().code;
            return read;
        }
    }
    if (connection_ends) reader.connection_ended();
    read.outcome = reader.complete() ? "complete" : "incomplete";
    read.reusable = reader.connection_reusable();
    read.response = reader.take();
    return read;
}

Read read(std::string_view bytes, bool connection_ends = false) {
    const Read whole = read_in_pieces(bytes, bytes.size(), connection_ends);
    for (const std::size_t piece : {1U, 2U, 3U, 7U}) {
        const Read cut = read_in_pieces(bytes, piece, connection_ends);
        EXPECT_EQ(cut.outcome, whole.outcome) << "in pieces of " << piece;
        EXPECT_TRUE(cut == whole) << "in pieces of " << piece;
    }
    return whole;
}

TEST(ResponseReader, ReadsABodyOfAGivenLength) {
    const Read got =
        read("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nX-One:  a b \r\n\r\nhello");
    EXPECT_EQ(got.outcome, "complete");
    EXPECT_EQ(got.response.status, 202);
    EXPECT_EQ(got.response.header("x-one"), "a b");
    EXPECT_EQ(got.response.body, "hello");
    EXPECT_TRUE(got.reusable);
}

TEST(ResponseReader, ReadsAChunkedBody) {
    const Read got = read(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;name=value\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: t\r\n\r\n");
    EXPECT_EQ(got.outcome, "complete");
    EXPECT_EQ(got.response.body, "hello");
    EXPECT_TRUE(got.response.header("Trailer").empty());
    EXPECT_TRUE(got.reusable);
}

TEST(ResponseReader, ABodyWithoutALengthEndsWithItsConnection) {
    constexpr std::string_view bytes = "HTTP/1.0 200\r\n\r\nhello";
    EXPECT_EQ(read(bytes).outcome, "incomplete");
    const Read got = read(bytes, true);
    EXPECT_EQ(got.outcome, "complete");
    EXPECT_EQ(got.response.body, "hello");
    EXPECT_FALSE(got.reusable);
}

TEST(ResponseReader, SkipsInterimResponses) {
    const Read got =
        read("HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(got.outcome, "complete");
    EXPECT_EQ(got.response.status, 204);
    EXPECT_TRUE(got.response.headers.empty());
}

TEST(ResponseReader, BytesBehindTheEndAreNotRead) {
    const Read got = read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
    EXPECT_EQ(got.response.body, "ok");
    EXPECT_FALSE(got.reusable);
}

TEST(ResponseReader, AConnectionThatIsToCloseIsNotUsedAgain) {
    EXPECT_FALSE(
        read("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n").reusable);
    EXPECT_FALSE(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").reusable);
}

TEST(ResponseReader, AConnectionThatEndsEarlyLeavesItIncomplete) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", true).outcome, "incomplete");
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel", true).outcome,
              "incomplete");
}

TEST(ResponseReader, HasLimits) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n").outcome, "ResponseTooLarge");
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\n0123456789abcdefg").outcome, "ResponseTooLarge");
    EXPECT_EQ(
        read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n").outcome,
        "ResponseTooLarge");
    const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x');
    EXPECT_EQ(read_in_pieces(endless, 1000, false).outcome, "ResponseTooLarge");
}

TEST(ResponseReader, RefusesWhatIsNoHttp) {
    for (const std::string_view bytes :
         {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 99 Low\r\n\r\n",
          "HTTP/1.1 2000\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
          "HTTP/1.1 200 OK\r\nspace : x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
        EXPECT_EQ(read(bytes).outcome, "MalformedResponse") << bytes;
    }
}

}  // namespace
}  // namespace fas::reactor
