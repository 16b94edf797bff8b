// What goes wrong on the way, and the limits on what a server may send.
#include <gtest/gtest.h>

#include <string>

#include "tests/reactor/http_client_fixture.h"

namespace fas::reactor {
namespace {

using test::http_answer;
using test::Script;
using test::TestConnection;
using test::TestServer;

constexpr auto secret_target = "/path?X-Amz-Signature=secret";

class HttpClientErrorTest : public HttpClientFixture {
  protected:
    Result<HttpResponse> receive(Script script) {
        const TestServer server(std::move(script));
        name_ = server.name();
        HttpRequest request = get(server.url(secret_target));
        request.headers = {{"Authorization", "secret"}};
        request.response_bytes_max = 1000;
        return send(request);
    }

    Result<HttpResponse> receive(const std::string& bytes) {
        return receive([bytes](TestConnection& connection) {
            connection.read_request();
            connection.send(bytes);
        });
    }

    std::string name_;
};

TEST_F(HttpClientErrorTest, ConnectionRefused) {
    // Bound, so that nobody else gets the port, but not listening.
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    ASSERT_EQ(::bind(socket, generic, size), 0);
    ASSERT_EQ(::getsockname(socket, generic, &size), 0);
    const std::string name = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    expect_error(send(get("http://" + name + secret_target)), ErrorKind::retryable, "ConnectFailed",
                 "cannot connect to " + name + ": connection refused");
    ::close(socket);
}

TEST_F(HttpClientErrorTest, NameWithoutAddress) {
    expect_error(send(get("http://no-such-host.invalid/secret")), ErrorKind::retryable,
                 "ResolveFailed", "cannot resolve the name of no-such-host.invalid:80");
}

TEST_F(HttpClientErrorTest, ConnectionClosedInsteadOfAnAnswer) {
    const auto result = receive([](TestConnection& connection) { connection.read_request(); });
    expect_error(result, ErrorKind::retryable, "ConnectionLost",
                 "connection to " + name_ + " lost: closed without an answer");
}

TEST_F(HttpClientErrorTest, ConnectionResetBeforeTheWholeRequestWasRead) {
    const TestServer server([](TestConnection& connection) {
        if (connection.wait_for_bytes()) connection.reset();
    });
    const auto result = send(post(server.url(), std::string(20'000'000, 'x')));
    EXPECT_EQ(code_of(result), "ConnectionLost");
}

TEST_F(HttpClientErrorTest, ConnectionResetInsteadOfAnAnswer) {
    const auto result = receive([](TestConnection& connection) {
        connection.read_request();
        connection.reset();
    });
    expect_error(result, ErrorKind::retryable, "ConnectionLost",
                 "connection to " + name_ + " lost: Recv failure: Connection reset by peer");
}

TEST_F(HttpClientErrorTest, ConnectionClosedInTheMiddleOfTheHeaders) {
    for (const char* part : {"HTT", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nA: b\r\n",
                             "HTTP/1.1 103 Early Hints\r\n\r\n"}) {
        EXPECT_EQ(code_of(receive(part)), "ConnectionLost") << part;
    }
}

TEST_F(HttpClientErrorTest, BodyShorterThanAnnounced) {
    const auto result = receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
    expect_error(result, ErrorKind::retryable, "ConnectionLost",
                 "connection to " + name_ + " lost: closed within the answer");
}

TEST_F(HttpClientErrorTest, LastChunkMissing) {
    const auto result =
        receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    EXPECT_EQ(code_of(result), "ConnectionLost");
}

TEST_F(HttpClientErrorTest, BodyLongerThanAnnouncedIsCutAndTheConnectionNotReused) {
    const TestServer server(test::answering(http_answer(200, "four") + "more"));
    EXPECT_EQ(body_of(send(get(server.url()))), "four");
    EXPECT_EQ(body_of(send(get(server.url()))), "four");
    EXPECT_EQ(server.connections(), 2);
}

class MalformedAnswerTest : public HttpClientErrorTest,
                            public testing::WithParamInterface<std::string> {};

TEST_P(MalformedAnswerTest, IsInvalid) {
    const auto result = receive(GetParam());
    expect_error(result, ErrorKind::invalid, "MalformedResponse",
                 "the answer of " + name_ + " is not valid HTTP/1.1");
}

INSTANTIATE_TEST_SUITE_P(, MalformedAnswerTest,
                         testing::Values("no status line at all\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                                         "HTTP/7.1 200 OK\r\n\r\n",
                                         "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"));

TEST_F(HttpClientErrorTest, BodyOfTheLargestAllowedSizeIsTaken) {
    EXPECT_EQ(receive(http_answer(200, std::string(1000, 'x')))->body.size(), 1000U);
}

TEST_F(HttpClientErrorTest, BodyLargerThanAllowed) {
    const auto result = receive(http_answer(200, std::string(1001, 'x')));
    expect_error(result, ErrorKind::invalid, "ResponseTooLarge",
                 "the answer of " + name_ + " has more than 1000 bytes");
}

TEST_F(HttpClientErrorTest, BodyWithoutEnd) {
    const auto result = receive([](TestConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        while (connection.send(std::string(1000, 'x'))) {
        }
    });
    EXPECT_EQ(code_of(result), "ResponseTooLarge");
}

std::string many_headers(int count) {
    std::string lines;
    for (int i = 1; i < count; ++i) lines += "X-Header: 1\r\n";  // Content-Length is one too
    return lines;
}

TEST_F(HttpClientErrorTest, AsManyHeadersAsAllowedAreTaken) {
    EXPECT_EQ(receive(http_answer(200, "", many_headers(128)))->headers.size(), 128U);
}

TEST_F(HttpClientErrorTest, MoreHeadersThanAllowed) {
    const auto result = receive(http_answer(200, "", many_headers(129)));
    expect_error(result, ErrorKind::invalid, "ResponseTooLarge",
                 "the answer of " + name_ + " has too many headers");
}

TEST_F(HttpClientErrorTest, LongerHeadersThanAllowed) {
    const auto result =
        receive(http_answer(200, "", "X-Header: " + std::string(70'000, 'x') + "\r\n"));
    expect_error(result, ErrorKind::invalid, "ResponseTooLarge",
                 "the answer of " + name_ + " has too many bytes of headers");
}

TEST_F(HttpClientErrorTest, InterimAnswersWithoutEnd) {
    const auto result = receive([](TestConnection& connection) {
        connection.read_request();
        while (connection.send("HTTP/1.1 103 Early Hints\r\n\r\n")) {
        }
    });
    EXPECT_EQ(code_of(result), "ResponseTooLarge");
}

TEST_F(HttpClientErrorTest, AChunkExtensionWithoutEnd) {
    const auto result = receive([](TestConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;");
        while (connection.send(std::string(65'536, 'x'))) {
        }
    });
    expect_error(result, ErrorKind::invalid, "ResponseTooLarge",
                 "the answer of " + name_ + " has an endless chunk that brings nothing");
}

TEST_F(HttpClientErrorTest, ChunksMayComeInManyPieces) {
    const auto result = receive([](TestConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 200; ++i) {
            for (const char* piece : {"1", ";a=b", "\r\n", "x", "\r\n"}) connection.send(piece);
        }
        connection.send("0\r\n\r\n");
    });
    ASSERT_TRUE(result);
    EXPECT_EQ(result->body, std::string(200, 'x'));
}

TEST_F(HttpClientErrorTest, TrailersWithoutEnd) {
    const auto result = receive([](TestConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
        while (connection.send("X-Trailer: 1\r\n")) {
        }
    });
    EXPECT_EQ(code_of(result), "ResponseTooLarge");
}

TEST_F(HttpClientErrorTest, NoAnswerWithinTheTotalTimeout) {
    const TestServer server([](TestConnection& connection) {
        connection.read_request();
        connection.wait_until_client_closes();
    });
    HttpRequest request = get(server.url(secret_target));
    request.total_timeout = Milliseconds(20);
    expect_error(send(request), ErrorKind::retryable, "Timeout",
                 "no complete answer from " + server.name() + " within 20 ms");
}

TEST_F(HttpClientErrorTest, NoConnectionWithinTheConnectTimeout) {
    // The server accepts, but never shakes hands.
    const TestServer server(
        [](TestConnection& connection) { connection.wait_until_client_closes(); });
    HttpRequest request = get("https://" + server.name() + secret_target);
    request.connect_timeout = Milliseconds(20);
    expect_error(send(request), ErrorKind::retryable, "ConnectTimeout",
                 "no connection to " + server.name() + " within 20 ms");
}

TEST_F(HttpClientErrorTest, RequestsThatCannotBeSentAsTheyAre) {
    const TestServer server(test::answering(http_answer(200, "")));
    const auto expect_refused = [&](const HttpRequest& request) {
        const auto result = send(request);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::invalid);
        EXPECT_EQ(result.error().code, "BadRequest");
        EXPECT_EQ(result.error().message.find("secret"), std::string::npos);
    };
    for (const char* method : {"", "GET /secret", "GET\r\n"}) {
        HttpRequest request = get(server.url());
        request.method = method;
        expect_refused(request);
    }
    const HttpHeader bad_headers[] = {{"", "secret"},
                                      {"X-A: secret\r\nX-B", "1"},
                                      {"X-A", "secret\r\nX-B: 1"},
                                      {"X-A", "secret\nX-B: 1"},
                                      {"X-A", std::string("secret\0", 7)},
                                      {"content-length", "5"},
                                      {"Transfer-Encoding", "chunked"}};
    for (const HttpHeader& header : bad_headers) {
        HttpRequest request = get(server.url());
        request.headers = {header};
        expect_refused(request);
    }
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientErrorTest, BadUrls) {
    const auto result = send(get("ftp://user:secret@host/secret"));
    EXPECT_EQ(code_of(result), "BadUrl");
}

}  // namespace
}  // namespace fas::reactor
