#include "reactor/http_client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "reactor/when_all.h"
#include "tests/reactor/http_client_fixture.h"

namespace fas::reactor {
namespace {

using test::answering;
using test::Gate;
using test::http_answer;
using test::ReceivedRequest;
using test::replying;
using test::TestConnection;
using test::TestServer;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Answers "ok", and keeps the last request for the test to look at.
class Recorder {
  public:
    const ReceivedRequest& last() const { return last_; }
    std::string url(const std::string& target = "/") const { return server_.url(target); }
    std::string name() const { return server_.name(); }

  private:
    ReceivedRequest last_;  // written before the answer is sent, read after it was received
    TestServer server_{replying([this](const ReceivedRequest& request) {
        last_ = request;
        return http_answer(200, request.method == "HEAD" ? "" : "ok");
    })};
};

class HttpClientTest : public HttpClientFixture {
  protected:
    Recorder recorder_;
};

TEST_F(HttpClientTest, SendsTheGivenHeadersAndNoOthers) {
    HttpRequest request = get(recorder_.url("/path?a=1"));
    request.headers = {{"X-Amz-Target", "Service.Action"}, {"x-empty", ""}, {"X-Blank", " a  b "}};
    ASSERT_TRUE(send(request));
    EXPECT_EQ(recorder_.last().method, "GET");
    EXPECT_EQ(recorder_.last().target, "/path?a=1");
    EXPECT_THAT(recorder_.last().headers,
                ElementsAre(Pair("Host", recorder_.name()), Pair("X-Amz-Target", "Service.Action"),
                            Pair("x-empty", ""), Pair("X-Blank", "a  b")));
}

TEST_F(HttpClientTest, SendsTheHeadersThatItWouldNotAddItself) {
    HttpRequest request = post(recorder_.url(), "{}");
    request.headers = {{"host", "signed.example"},
                       {"Accept", "*/*"},
                       {"User-Agent", "fast"},
                       {"Content-Type", "application/x-amz-json-1.0"}};
    ASSERT_TRUE(send(request));
    EXPECT_THAT(recorder_.last().headers,
                testing::UnorderedElementsAre(Pair("Host", "signed.example"), Pair("Accept", "*/*"),
                                              Pair("User-Agent", "fast"),
                                              Pair("Content-Type", "application/x-amz-json-1.0"),
                                              Pair("Content-Length", "2")));
}

TEST_F(HttpClientTest, SendsTheUrlAsItIsWritten) {
    const std::string target = "/a/../b/./c//%2e%2E/%7e?x=%20&y=a+b&z";
    ASSERT_TRUE(send(get(recorder_.url(target))));
    EXPECT_EQ(recorder_.last().target, target);
}

TEST_F(HttpClientTest, SendsALargeBodyWithoutWaitingToBeAskedForIt) {
    std::string body(3'000'000, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31);
    ASSERT_TRUE(send(post(recorder_.url(), body)));
    EXPECT_EQ(recorder_.last().body, body);
    EXPECT_EQ(recorder_.last().header("Expect"), "");
}

TEST_F(HttpClientTest, AnnouncesAnEmptyBodyWhereOneBelongs) {
    for (const char* method : {"POST", "PUT", "PATCH"}) {
        HttpRequest request = get(recorder_.url());
        request.method = method;
        ASSERT_TRUE(send(request));
        EXPECT_EQ(recorder_.last().method, method);
        EXPECT_EQ(recorder_.last().header("Content-Length"), "0");
    }
    for (const char* method : {"GET", "DELETE", "HEAD", "OPTIONS"}) {
        HttpRequest request = get(recorder_.url());
        request.method = method;
        ASSERT_TRUE(send(request));
        EXPECT_EQ(recorder_.last().method, method);
        EXPECT_THAT(recorder_.last().headers, ElementsAre(Pair("Host", recorder_.name())));
    }
}

TEST_F(HttpClientTest, NothingOfARequestStaysForTheNext) {
    HttpRequest request = post(recorder_.url(), "body");
    request.headers = {{"Authorization", "secret"}};
    ASSERT_TRUE(send(request));
    request.method = "HEAD";
    request.body.clear();
    ASSERT_TRUE(send(request));
    const auto response = send(get(recorder_.url()));
    EXPECT_EQ(response->body, "ok");
    EXPECT_THAT(recorder_.last().headers, ElementsAre(Pair("Host", recorder_.name())));
    EXPECT_EQ(recorder_.last().method, "GET");
}

TEST_F(HttpClientTest, SendsABodyWithAnyMethod) {
    HttpRequest request = post(recorder_.url(), "why");
    request.method = "DELETE";
    ASSERT_TRUE(send(request));
    EXPECT_EQ(recorder_.last().method, "DELETE");
    EXPECT_EQ(recorder_.last().body, "why");
}

class AnswerTest : public HttpClientFixture {
  protected:
    Result<HttpResponse> receive(const std::string& bytes, const std::string& method = "GET") {
        const TestServer server([&](TestConnection& connection) {
            connection.read_request();
            connection.send(bytes);
        });
        HttpRequest request = get(server.url());
        request.method = method;
        return send(request);
    }

    static std::vector<std::pair<std::string, std::string>> headers_of(const HttpResponse& from) {
        std::vector<std::pair<std::string, std::string>> pairs;
        for (const HttpHeader& header : from.headers) pairs.emplace_back(header.name, header.value);
        return pairs;
    }
};

TEST_F(AnswerTest, HasStatusHeadersAndBody) {
    const auto response =
        receive(http_answer(200, "hello", "x-B: two\r\nX-a:one \r\nEmpty:\r\nx-B: three: 3\r\n"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "hello");
    EXPECT_THAT(headers_of(*response),
                ElementsAre(Pair("x-B", "two"), Pair("X-a", "one"), Pair("Empty", ""),
                            Pair("x-B", "three: 3"), Pair("Content-Length", "5")));
}

TEST_F(AnswerTest, OfAnyStatusIsNoError) {
    for (const int status : {200, 400, 403, 404, 412, 429, 500, 503}) {
        const auto response = receive(http_answer(status, "why"));
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, status);
        EXPECT_EQ(response->body, "why");
    }
}

TEST_F(AnswerTest, WithoutABodyEndsAfterItsHeaders) {
    EXPECT_EQ(status_of(receive("HTTP/1.1 204 No Content\r\n\r\n")), 204);
    EXPECT_EQ(status_of(receive("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n")), 304);
    const auto head = receive("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->header("content-length"), "9");
}

TEST_F(AnswerTest, IsNotMixedWithInterimAnswers) {
    const auto response = receive(
        "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" +
        http_answer(200, "final"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "final");
    EXPECT_THAT(headers_of(*response), ElementsAre(Pair("Content-Length", "5")));
}

TEST_F(AnswerTest, InChunksIsPutTogetherAndItsTrailersAreDropped) {
    const auto response = receive(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "abcde");
    EXPECT_THAT(headers_of(*response), ElementsAre(Pair("Transfer-Encoding", "chunked")));
}

TEST_F(AnswerTest, WithoutALengthEndsWithTheConnection) {
    EXPECT_EQ(body_of(receive("HTTP/1.1 200 OK\r\n\r\nall there is")), "all there is");
}

TEST_F(AnswerTest, ThatIsCompressedIsAnErrorThatSaysSo) {
    for (const char* encoding : {"gzip", "GZip", "deflate", "br", "zstd"}) {
        const std::string header = std::string{"Content-Encoding: "} + encoding + "\r\n";
        const auto response = receive(http_answer(200, "\x1f\x8b", header));
        ASSERT_FALSE(response) << encoding;
        EXPECT_EQ(response.error().code, "CompressedAnswer");
        EXPECT_EQ(response.error().kind, ErrorKind::invalid);
        EXPECT_EQ(receive(http_answer(503, "\x1f\x8b", header)).error().kind, ErrorKind::retryable);
    }
    for (const char* encoding : {"identity", "utf-8", "aws-chunked", ""}) {
        const std::string header = std::string{"Content-Encoding: "} + encoding + "\r\n";
        EXPECT_EQ(body_of(receive(http_answer(200, "as it is", header))), "as it is") << encoding;
    }
    EXPECT_TRUE(receive(http_answer(200, "", "Content-Encoding: gzip\r\n"))) << "without a body";
}

TEST_F(AnswerTest, ThatRedirectsIsNotFollowed) {
    const auto response = receive(http_answer(301, "", "Location: http://127.0.0.1:1/\r\n"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 301);
    EXPECT_EQ(response->header("location"), "http://127.0.0.1:1/");
}

TEST_F(AnswerTest, MayComeByteForByte) {
    const TestServer server([](TestConnection& connection) {
        connection.read_request();
        for (const char byte : http_answer(200, "drip")) connection.send({&byte, 1});
    });
    EXPECT_EQ(body_of(send(get(server.url()))), "drip");
}

TEST_F(AnswerTest, MayComeBeforeTheWholeRequestWasSent) {
    const TestServer server([](TestConnection& connection) {
        connection.send(http_answer(503, "slow down", "Connection: close\r\n"));
        connection.close_sending_side();
        connection.wait_until_client_closes();
    });
    EXPECT_EQ(status_of(send(post(server.url(), std::string(20'000'000, 'x')))), 503);
}

using ConnectionsTest = HttpClientFixture;

TEST_F(ConnectionsTest, AreKeptForTheNextRequest) {
    const TestServer server(answering(http_answer(200, "ok")));
    for (int i = 0; i < 100; ++i) ASSERT_EQ(body_of(send(get(server.url()))), "ok");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(ConnectionsTest, ThatTheServerClosedMeanwhileAreReplaced) {
    std::atomic<int> closed = 0;
    const TestServer server([&](TestConnection& connection) {
        for (int i = 0; i < 3; ++i) {
            if (!connection.read_request()) return;
            connection.send(http_answer(200, "ok"));
        }
        connection.close();
        ++closed;
    });
    for (int i = 0; i < 30; ++i) {
        ASSERT_TRUE(send(post(server.url(), "x")));
        while (closed < (i + 1) / 3) std::this_thread::yield();
    }
    EXPECT_EQ(server.connections(), 10);
}

TEST_F(ConnectionsTest, CarryManyRequestsAtTheSameTime) {
    constexpr int count = 48;
    Gate all_there(count);
    const TestServer server([&](TestConnection& connection) {
        while (connection.read_request()) {
            all_there.reach();
            if (!all_there.wait()) return;
            connection.send(http_answer(200, "ok"));
        }
    });
    std::vector<Task<Result<HttpResponse>>> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back(client_.send(get(server.url()), Scope()));
    for (const auto& response : reactor_.run(when_all(std::move(tasks)))) ASSERT_TRUE(response);
    EXPECT_EQ(server.connections(), count);
}

TEST_F(ConnectionsTest, OfAHostAreNoMoreThanAllowed) {
    HttpClient client(reactor_, HttpClientOptions{.connections_per_host_max = 3});
    std::atomic<int> running = 0;
    std::atomic<int> running_max = 0;
    const TestServer server([&](TestConnection& connection) {
        while (const auto request = connection.read_request()) {
            const int now = ++running;
            int seen = running_max;
            while (seen < now && !running_max.compare_exchange_weak(seen, now)) {
            }
            --running;
            connection.send(http_answer(200, request->target));
        }
    });
    std::vector<Task<Result<HttpResponse>>> tasks;
    for (int i = 0; i < 60; ++i) {
        tasks.push_back(client.send(get(server.url(fmt::format("/{}", i))), Scope()));
    }
    const auto responses = reactor_.run(when_all(std::move(tasks)));
    for (std::size_t i = 0; i < responses.size(); ++i) {
        ASSERT_TRUE(responses[i]);
        EXPECT_EQ(responses[i]->body, fmt::format("/{}", i));
    }
    EXPECT_LE(running_max, 3);
    EXPECT_EQ(server.connections(), 3);
}

Task<int> open_later(Reactor& reactor, Gate& gate, Milliseconds after) {
    std::ignore = co_await reactor.sleep_for(after, Scope());
    gate.reach();
    co_return 0;
}

TEST_F(ConnectionsTest, WaitingForOneIsNotTimeSpentConnecting) {
    HttpClient client(reactor_, HttpClientOptions{.connections_per_host_max = 1});
    Gate gate;
    const TestServer server([&](TestConnection& connection) {
        while (connection.read_request() && gate.wait()) {
            connection.send(http_answer(200, "ok", "Connection: close\r\n"));
            return;
        }
    });
    HttpRequest second = get(server.url());
    second.connect_timeout = Milliseconds(300);
    const auto [one, two, opened] =
        reactor_.run(when_all(client.send(get(server.url()), Scope()), client.send(second, Scope()),
                              open_later(reactor_, gate, Milliseconds(400))));
    EXPECT_TRUE(one);
    EXPECT_TRUE(two) << two.error().message;
}

TEST_F(ConnectionsTest, ToAProxyComeFromTheEnvironmentUnlessTheRequestSaysNo) {
    const Recorder target;
    Recorder proxy;
    ::setenv("http_proxy", proxy.url("").c_str(), 1);
    HttpRequest request = get(target.url("/x"));
    EXPECT_TRUE(send(request));
    EXPECT_EQ(proxy.last().target, target.url("/x"));
    request.use_proxy = false;
    EXPECT_TRUE(send(request));
    EXPECT_EQ(target.last().target, "/x");
    ::unsetenv("http_proxy");
}

}  // namespace
}  // namespace fas::reactor
