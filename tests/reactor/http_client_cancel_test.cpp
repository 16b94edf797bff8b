// How a request ends when its scope does, at each stage.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "reactor/when_all.h"
#include "tests/reactor/http_client_fixture.h"

namespace fas::reactor {
namespace {

using test::Gate;
using test::http_answer;
using test::Script;
using test::TestConnection;
using test::TestServer;

class HttpClientCancelTest : public HttpClientFixture {
  protected:
    // Sends a request, requests a stop once `reached` is open, and gives the request's result.
    Result<HttpResponse> send_and_stop(HttpRequest request, Gate& reached) {
        std::stop_source source;
        auto [result, stopped] = reactor_.run(
            when_all(client_.send(std::move(request), Scope{.stop = source.get_token()}),
                     stop_when_open(reactor_, reached, source)));
        return std::move(result);
    }

    static Scope soon() { return Scope().within(Milliseconds(20)); }
};

TEST_F(HttpClientCancelTest, BeforeItStartsNothingIsSent) {
    const TestServer server(test::answering(http_answer(200, "")));
    std::stop_source source;
    source.request_stop();
    expect_error(send(get(server.url("/?secret")), Scope{.stop = source.get_token()}),
                 ErrorKind::cancelled, "Stopped", "stopped before a request to " + server.name());
    expect_error(send(get(server.url("/?secret")), Scope{.deadline = {}}), ErrorKind::cancelled,
                 "DeadlinePassed", "deadline passed before a request to " + server.name());
    EXPECT_EQ(server.connections(), 0);
}

// A server whose script tells how far a request has come, and waits for the client to give up.
struct RequestStage {
    const char* name;
    const char* scheme;
    std::function<void(TestConnection&)> reach;
};

class CancelledAtTest : public HttpClientCancelTest,
                        public testing::WithParamInterface<RequestStage> {
  protected:
    Gate reached_;
    Gate given_up_;
    TestServer server_{[this](TestConnection& connection) {
        GetParam().reach(connection);
        reached_.reach();
        connection.wait_until_client_closes();
        given_up_.reach();
    }};
    std::string url_ = GetParam().scheme + server_.name() + "/?secret";
};

TEST_P(CancelledAtTest, AStopEndsItAndTheConnection) {
    expect_error(send_and_stop(get(url_), reached_), ErrorKind::cancelled, "Stopped",
                 "stopped during a request to " + server_.name());
    EXPECT_TRUE(given_up_.wait());
}

TEST_P(CancelledAtTest, ADeadlineEndsItAndTheConnection) {
    // A busy machine may not come as far as that in a short time.
    for (Milliseconds limit(20); !reached_.open(); limit *= 2) {
        expect_error(send(get(url_), Scope().within(limit)), ErrorKind::cancelled, "DeadlinePassed",
                     "deadline passed during a request to " + server_.name());
    }
    EXPECT_TRUE(given_up_.wait());
}

TEST_P(CancelledAtTest, DestroyingTheTaskEndsItAndTheConnection) {
    const auto start_and_drop = [](HttpClient& client, Reactor& reactor, std::string url,
                                   Gate& reached) -> Task<void> {
        const auto request = client.send(get(std::move(url)), Scope());
        detail::TaskAccess::frame(request).resume();
        co_await stop_when_open(reactor, reached, std::stop_source());
    };
    reactor_.run(start_and_drop(client_, reactor_, url_, reached_));
    EXPECT_TRUE(given_up_.wait());
}

INSTANTIATE_TEST_SUITE_P(
    , CancelledAtTest,
    testing::Values(RequestStage{"TlsHandshake", "https://", [](TestConnection&) {}},
                    RequestStage{"WaitingForTheAnswer", "http://",
                                 [](TestConnection& connection) { connection.read_request(); }},
                    RequestStage{"TheMiddleOfTheBody", "http://",
                                 [](TestConnection& connection) {
                                     connection.read_request();
                                     connection.send(
                                         "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
                                 }}),
    [](const auto& stage) { return stage.param.name; });

TEST_F(HttpClientCancelTest, WhileWaitingForAConnection) {
    HttpClient client(reactor_, HttpClientOptions{.connections_per_host_max = 1});
    Gate waiting_is_over;
    const TestServer server([&](TestConnection& connection) {
        while (connection.read_request()) {
            if (!waiting_is_over.wait()) return;
            connection.send(http_answer(200, "ok"));
        }
    });
    const auto open_after = [](Task<Result<HttpResponse>> request,
                               Gate& gate) -> Task<Result<HttpResponse>> {
        auto result = co_await std::move(request);
        gate.reach();
        co_return result;
    };
    // The second never gets a connection, the third gets the first's.
    const auto [first, second, third] =
        reactor_.run(when_all(client.send(get(server.url()), Scope()),
                              open_after(client.send(get(server.url()), soon()), waiting_is_over),
                              client.send(get(server.url()), Scope())));
    EXPECT_TRUE(first);
    EXPECT_EQ(code_of(second), "DeadlinePassed");
    EXPECT_TRUE(third);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientCancelTest, TheEarlierOfDeadlineAndTotalTimeoutDecides) {
    const TestServer server(
        [](TestConnection& connection) { connection.wait_until_client_closes(); });
    HttpRequest request = get(server.url());
    request.total_timeout = Milliseconds(60'000);
    EXPECT_EQ(code_of(send(request, soon())), "DeadlinePassed");
    request.total_timeout = Milliseconds(10);
    EXPECT_EQ(code_of(send(request, Scope().within(Milliseconds(60'000)))), "Timeout");
}

TEST_F(HttpClientCancelTest, LeavesTheClientUsable) {
    std::atomic<int> connections = 0;
    Gate reached;
    const TestServer server([&](TestConnection& connection) {
        connection.read_request();
        if (connections++ == 0) {
            reached.reach();
            connection.wait_until_client_closes();
        }
        connection.send(http_answer(200, "ok"));
    });
    EXPECT_FALSE(send_and_stop(get(server.url()), reached));
    EXPECT_EQ(body_of(send(get(server.url()))), "ok");
}

}  // namespace
}  // namespace fas::reactor
