// What becomes of a request whose kept connection turns out to be closed: it is never sent twice.
#include <gmock/gmock.h>

#include <atomic>
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
using test::Script;
using test::TestCertificate;
using test::TestConnection;
using test::TestServer;
using testing::ElementsAre;

class KeptConnectionTest : public HttpClientFixture {
  protected:
    // What requests asked for, in the order in which they came, over all connections.
    std::vector<std::string> seen() {
        const std::scoped_lock lock(mutex_);
        return seen_;
    }

    bool read_request(TestConnection& connection) {
        const auto request = connection.read_request();
        if (!request) return false;
        const std::scoped_lock lock(mutex_);
        seen_.push_back(request->target);
        return true;
    }

    // The first connection answers once, and then does `end`; the others answer every request.
    Script answering_once_then(Script end) {
        return [this, end = std::move(end)](TestConnection& connection) {
            const bool first = connections_++ == 0;
            while (read_request(connection)) {
                connection.send(http_answer(200, "ok"));
                if (first) return end(connection);
            }
        };
    }

    static void expect_stale(const Result<HttpResponse>& result, const TestServer& server) {
        expect_error(result, ErrorKind::retryable, "StaleConnection",
                     "a kept connection to " + server.name() +
                         " was closed before an answer; whether the request arrived is not known");
    }

  private:
    std::mutex mutex_;
    std::vector<std::string> seen_;
    std::atomic<int> connections_ = 0;
};

class KeptConnectionMethodTest : public KeptConnectionTest,
                                 public testing::WithParamInterface<const char*> {};

TEST_P(KeptConnectionMethodTest, ClosedOverARequestGetsItOnce) {
    TestServer server(
        answering_once_then([this](TestConnection& connection) { read_request(connection); }));
    ASSERT_TRUE(send(get(server.url("/1"))));
    HttpRequest request = get(server.url("/2"));
    request.method = GetParam();
    if (request.method == "POST" || request.method == "PUT") request.body = "body";
    expect_stale(send(request), server);
    EXPECT_THAT(seen(), ElementsAre("/1", "/2"));
    EXPECT_EQ(server.connections(), 1);
    EXPECT_EQ(status_of(send(get(server.url("/3")))), 200);
    EXPECT_EQ(server.connections(), 2);
}

INSTANTIATE_TEST_SUITE_P(, KeptConnectionMethodTest,
                         testing::Values("GET", "HEAD", "POST", "PUT", "DELETE"));

TEST_F(KeptConnectionTest, ResetOverARequestGetsItOnce) {
    TestServer server(answering_once_then([this](TestConnection& connection) {
        read_request(connection);
        connection.reset();
    }));
    ASSERT_TRUE(send(post(server.url("/1"), "one")));
    expect_stale(send(post(server.url("/2"), "two")), server);
    EXPECT_THAT(seen(), ElementsAre("/1", "/2"));
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(KeptConnectionTest, HalfClosedOverARequestGetsItOnce) {
    TestServer server(answering_once_then([this](TestConnection& connection) {
        read_request(connection);
        connection.close_sending_side();
        connection.wait_until_client_closes();
    }));
    ASSERT_TRUE(send(post(server.url("/1"), "one")));
    expect_stale(send(post(server.url("/2"), "two")), server);
    EXPECT_THAT(seen(), ElementsAre("/1", "/2"));
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(KeptConnectionTest, ResetInTheMiddleOfARequestGetsNoMoreOfIt) {
    TestServer server(answering_once_then([](TestConnection& connection) {
        if (connection.wait_for_bytes()) connection.reset();
    }));
    ASSERT_TRUE(send(get(server.url("/1"))));
    expect_stale(send(post(server.url("/2"), std::string(20'000'000, 'x'))), server);
    EXPECT_THAT(seen(), ElementsAre("/1"));
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(KeptConnectionTest, OverTlsGetsARequestOnceAsWell) {
    const TestCertificate certificate;
    for (const bool reset : {false, true}) {
        HttpClient client(reactor_, HttpClientOptions{.ca_bundle = certificate.file()});
        std::atomic<int> requests = 0;
        TestServer server(
            [&](TestConnection& connection) {
                for (; connection.read_request(); connection.send(http_answer(200, "ok"))) {
                    if (++requests < 2) continue;
                    if (reset) connection.reset();
                    return;
                }
            },
            &certificate);
        ASSERT_TRUE(reactor_.run(client.send(get(server.url()), Scope())));
        expect_stale(reactor_.run(client.send(get(server.url()), Scope())), server);
        EXPECT_EQ(requests, 2);
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST_F(KeptConnectionTest, ClosedOverARequestDoesNotHandItToAnother) {
    Gate both_there(2);
    std::atomic<int> requests = 0;
    TestServer server([&](TestConnection& connection) {
        while (read_request(connection)) {
            const int number = ++requests;
            both_there.reach();
            if (!both_there.wait() || number == 3) return;
            connection.send(http_answer(200, "ok"));
        }
    });
    const auto [one, two] = reactor_.run(when_all(client_.send(get(server.url("/1")), Scope()),
                                                  client_.send(get(server.url("/2")), Scope())));
    ASSERT_TRUE(one && two);
    expect_stale(send(get(server.url("/3"))), server);
    EXPECT_EQ(seen().size(), 3U);
    EXPECT_EQ(status_of(send(get(server.url("/4")))), 200);
    EXPECT_EQ(seen().size(), 4U);
}

TEST_F(KeptConnectionTest, ClosedWhileIdleIsReplaced) {
    for (const bool half : {false, true}) {
        Gate closed;
        TestServer server([&](TestConnection& connection) {
            const bool first = !closed.open();
            if (!read_request(connection)) return;
            connection.send(http_answer(200, first ? "first" : "second"));
            if (half) {
                connection.close_sending_side();
                closed.reach();
                while (read_request(connection)) {
                }
            } else {
                connection.close();
                closed.reach();
            }
        });
        const std::size_t before = seen().size();
        ASSERT_EQ(body_of(send(post(server.url("/1"), "one"))), "first");
        ASSERT_TRUE(closed.wait());
        EXPECT_EQ(body_of(send(post(server.url("/2"), "two"))), "second");
        EXPECT_EQ(seen().size(), before + 2);
        EXPECT_EQ(server.connections(), 2);
    }
}

TEST_F(KeptConnectionTest, ClosedWithinAnAnswerIsLost) {
    TestServer server(answering_once_then([this](TestConnection& connection) {
        read_request(connection);
        connection.send("HTTP/1.1 200 OK\r\nContent-Le");
    }));
    TestServer in_body(answering_once_then([this](TestConnection& connection) {
        read_request(connection);
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
    }));
    ASSERT_TRUE(send(get(server.url("/1"))));
    EXPECT_EQ(code_of(send(get(server.url("/2")))), "ConnectionLost");
    EXPECT_THAT(seen(), ElementsAre("/1", "/2"));
}

TEST_F(KeptConnectionTest, IsLeftAloneByARequestForANewOne) {
    TestServer server(answering(http_answer(200, "ok")));
    HttpRequest request = get(server.url());
    request.new_connection = true;
    EXPECT_EQ(status_of(send(request)), 200);
    EXPECT_EQ(status_of(send(request)), 200);
    EXPECT_EQ(server.connections(), 2);
    request.new_connection = false;
    EXPECT_EQ(status_of(send(request)), 200);
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(KeptConnectionTest, MayBeTheOneThatWasOpenedAnew) {
    // The first is closed once the second, asked for, has answered.
    Gate second_has_answered;
    Gate first_is_closed;
    std::atomic<int> connections = 0;
    TestServer server([&](TestConnection& connection) {
        const bool first = connections++ == 0;
        while (connection.read_request()) {
            connection.send(http_answer(200, first ? "first" : "second"));
            if (!first) continue;
            second_has_answered.wait();
            connection.close();
            first_is_closed.reach();
            return;
        }
    });
    HttpRequest request = get(server.url());
    ASSERT_EQ(body_of(send(request)), "first");
    request.new_connection = true;
    ASSERT_EQ(body_of(send(request)), "second");
    second_has_answered.reach();
    ASSERT_TRUE(first_is_closed.wait());
    request.new_connection = false;
    EXPECT_EQ(body_of(send(request)), "second");
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace fas::reactor
