#include "reactor/connection.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

#include "reactor/reactor.h"
#include "reactor/trust_store.h"
#include "reactor/when_all.h"
#include "tests/reactor/http_client_fixture.h"
#include "tests/reactor/open_descriptors.h"

namespace fas::reactor {
namespace {

using test::Gate;
using test::open_descriptors;
using test::Script;
using test::TestCertificate;
using test::TestConnection;
using test::TestServer;
using testing::StartsWith;

// Sends back each request line; a request here is a line and an empty one.
void echo_lines(TestConnection& connection) {
    while (const auto request = connection.read_request()) {
        connection.send(request->method + "\n");
    }
}

// Writes, and reads `bytes_wanted` or until the end of the other side.
Task<Result<std::string>> talk(Connection* connection, std::string bytes, std::size_t bytes_wanted,
                               Scope scope) {
    auto written = co_await connection->write(std::move(bytes), scope);
    if (!written) co_return written.error();
    std::string all;
    while (all.size() < bytes_wanted) {
        auto read = co_await connection->read(bytes_wanted - all.size(), scope);
        if (!read) co_return read.error();
        if (read->empty()) break;
        all += *read;
    }
    co_return all;
}

Task<Result<std::string>> open_and_talk(Connection* connection, std::string bytes,
                                        std::size_t bytes_wanted, Scope scope) {
    auto opened = co_await connection->open(scope);
    if (!opened) co_return opened.error();
    co_return co_await talk(connection, std::move(bytes), bytes_wanted, scope);
}

std::string text_of(const Result<std::string>& result) {
    return result ? *result : "(" + result.error().code + ") " + result.error().message;
}

class ConnectionTest : public HttpClientFixture {
  protected:
    ConnectionTarget to(const TestServer& server, bool tls = false) {
        return {.host = "127.0.0.1", .port = server.port(), .tls = tls};
    }
    Result<std::string> run(ConnectionTarget target, std::string bytes, std::size_t wanted,
                            Scope scope = {}) {
        Connection connection(reactor_, trust_, std::move(target));
        return reactor_.run(open_and_talk(&connection, std::move(bytes), wanted, std::move(scope)));
    }

    const TestCertificate certificate_;
    TrustStore trust_{[this] { return read_bundle(certificate_.file()); }};
};

TEST_F(ConnectionTest, CarriesBytesBothWaysPlainAndOverTls) {
    const TestServer plain(&echo_lines);
    const TestServer secure(&echo_lines, &certificate_);
    EXPECT_EQ(text_of(run(to(plain), "hello \r\n\r\n", 6)), "hello\n");
    EXPECT_EQ(text_of(run(to(secure, true), "hello \r\n\r\n", 6)), "hello\n");
}

TEST_F(ConnectionTest, StaysOpenBetweenExchanges) {
    const TestServer server(&echo_lines, &certificate_);
    Connection connection(reactor_, trust_, to(server, true));
    ASSERT_TRUE(reactor_.run(connection.open(Scope())));
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(text_of(reactor_.run(talk(&connection, "again \r\n\r\n", 6, Scope()))),
                  "again\n");
    }
    EXPECT_EQ(server.connections(), 1);
}

// A shared multi handle would close a connection with unread bytes when another begins.
TEST_F(ConnectionTest, ServesBesideOthersThatBegin) {
    const TestServer server(&echo_lines);
    Connection first(reactor_, trust_, to(server));
    ASSERT_TRUE(reactor_.run(first.open(Scope())));
    EXPECT_EQ(text_of(reactor_.run(talk(&first, "first \r\n\r\n", 1, Scope()))), "f");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(text_of(run(to(server), "other \r\n\r\n", 6)), "other\n");
    }
    EXPECT_EQ(text_of(reactor_.run(talk(&first, "", 5, Scope()))), "irst\n");
}

TEST_F(ConnectionTest, ReadsWhatTlsHasTakenFromTheSocketAlready) {
    const TestServer server(
        [](TestConnection& connection) {
            connection.send("0123456789");
            connection.wait_until_client_closes();
        },
        &certificate_);
    Connection connection(reactor_, trust_, to(server, true));
    ASSERT_TRUE(reactor_.run(connection.open(Scope())));
    std::string all;
    for (int i = 0; i < 10; ++i) {
        all += text_of(reactor_.run(connection.read(1, Scope().within(Milliseconds(10'000)))));
    }
    EXPECT_EQ(all, "0123456789");
}

TEST_F(ConnectionTest, CarriesMoreThanTheSystemTakesAtOnce) {
    constexpr std::size_t size = 8'000'000;
    for (const TestCertificate* certificate :
         {static_cast<const TestCertificate*>(nullptr), &certificate_}) {
        const TestServer server(
            [](TestConnection& connection) {
                const auto request = connection.read_request();
                if (request) connection.send(request->body);
            },
            certificate);
        const std::string head = "P / H\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
        const auto result =
            run(to(server, certificate != nullptr), head + std::string(size, 'x'), size);
        ASSERT_TRUE(result) << text_of(result);
        EXPECT_EQ(result->size(), size);
        EXPECT_EQ(result->find_first_not_of('x'), std::string::npos);
    }
}

TEST_F(ConnectionTest, TakesBytesThatDrip) {
    const TestServer server([](TestConnection& connection) {
        for (const char c : std::string("drip")) connection.send(std::string(1, c));
        connection.close_sending_side();
        connection.wait_until_client_closes();
    });
    EXPECT_EQ(text_of(run(to(server), "", 100)), "drip");
}

TEST_F(ConnectionTest, TheEndOfTheOtherSideIsNothingRead) {
    const TestServer server([](TestConnection& connection) {
        connection.close_sending_side();
        // The client's bytes still arrive: only the other direction has ended.
        EXPECT_TRUE(connection.wait_for_bytes());
    });
    EXPECT_EQ(text_of(run(to(server), "still listening?", 1)), "");
}

TEST_F(ConnectionTest, AResetIsALostConnection) {
    const TestServer server([](TestConnection& connection) {
        connection.wait_for_bytes();
        connection.reset();
    });
    const auto result = run(to(server), "hello", 1);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::retryable);
    EXPECT_EQ(result.error().code, "ConnectionLost");
    EXPECT_THAT(result.error().message, StartsWith("connection to " + server.name() + " lost: "));
}

TEST_F(ConnectionTest, LivesThroughAPipeThatBreaksUnderItsWriting) {
    for (const TestCertificate* certificate :
         {static_cast<const TestCertificate*>(nullptr), &certificate_}) {
        const TestServer server(
            [](TestConnection& connection) {
                if (connection.wait_for_bytes()) connection.reset();
            },
            certificate);
        const auto result = run(to(server, certificate != nullptr), std::string(8'000'000, 'x'), 1);
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, "ConnectionLost") << text_of(result);
    }
}

TEST_F(ConnectionTest, TellsWhyItCannotConnect) {
    int port = 0;
    {
        const TestServer gone(&echo_lines);
        port = gone.port();
    }
    const ConnectionTarget nobody{.host = "127.0.0.1", .port = port};
    EXPECT_EQ(text_of(run(nobody, "", 0)), "(ConnectFailed) cannot connect to 127.0.0.1:" +
                                               std::to_string(port) + ": connection refused");
    const ConnectionTarget unknown{.host = "no-such-host.invalid", .port = 1};
    EXPECT_EQ(text_of(run(unknown, "", 0)),
              "(ResolveFailed) cannot resolve the name of no-such-host.invalid:1");
    for (const char* const odd : {"", "user:word@host", "host/path", "ho st", "host\n", "a%25b"}) {
        const ConnectionTarget bad{.host = odd, .port = 1};
        EXPECT_EQ(text_of(run(bad, "", 0)), "(BadUrl) the host is neither a name nor an address");
    }
}

TEST_F(ConnectionTest, VerifiesTheCertificate) {
    const TestCertificate other;
    const TestServer of_another(&echo_lines, &other);
    const TestCertificate other_name("DNS:other.example");
    const TestServer misnamed(&echo_lines, &other_name);
    TrustStore trusting_the_name([&] { return read_bundle(other_name.file()); });
    Connection to_misnamed(reactor_, trusting_the_name, to(misnamed, true));
    for (const auto& result : {run(to(of_another, true), "", 0),
                               reactor_.run(open_and_talk(&to_misnamed, "", 0, Scope()))}) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::denied);
        EXPECT_EQ(result.error().code, "CertificateNotTrusted");
        EXPECT_THAT(result.error().message, StartsWith("the certificate of 127.0.0.1:"));
    }
}

TEST_F(ConnectionTest, TellsOfABundleThatCannotBeRead) {
    const TestServer server(&echo_lines, &certificate_);
    TrustStore missing([] { return read_bundle("/nonexistent/ca.pem"); });
    Connection connection(reactor_, missing, to(server, true));
    EXPECT_EQ(text_of(reactor_.run(open_and_talk(&connection, "", 0, Scope()))),
              "(BadCaBundle) cannot verify " + server.name() +
                  ": the certificates in /nonexistent/ca.pem cannot be read: No such file or "
                  "directory");
}

TEST_F(ConnectionTest, AServerWithoutTlsFailsTheHandshake) {
    const TestServer server(
        [](TestConnection& connection) { connection.send("not TLS at all\n"); });
    const auto result = run(to(server, true), "", 0);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::retryable);
    EXPECT_EQ(result.error().code, "TlsFailed");
}

TEST_F(ConnectionTest, ASilentHandshakeEndsByTheConnectTimeout) {
    const TestServer server(
        [](TestConnection& connection) { connection.wait_until_client_closes(); });
    ConnectionTarget target = to(server, true);
    target.connect_timeout = Milliseconds(20);
    EXPECT_EQ(text_of(run(target, "", 0)),
              "(ConnectTimeout) no connection to " + server.name() + " within 20 ms");
}

// A server whose script tells how far the client has come, and waits for it to give up.
struct ConnectionStage {
    const char* name;
    bool tls;
    std::function<void(TestConnection&)> reach;
    std::size_t bytes;  // that the client writes
};

class ConnectionCancelledAtTest : public ConnectionTest,
                                  public testing::WithParamInterface<ConnectionStage> {
  protected:
    Gate reached_;
    Gate given_up_;
    TestServer server_{[this](TestConnection& connection) {
        GetParam().reach(connection);
        reached_.reach();
        if (GetParam().bytes > 1'000'000) {
            given_up_.wait();  // what is not read cannot be sent
            return;
        }
        connection.wait_until_client_closes();
        given_up_.reach();
    }};

    // Runs, and drops the connection at the end.
    Result<std::string> talk_until(Scope scope) {
        return run(to(server_, GetParam().tls), std::string(GetParam().bytes, 'x'), 100, scope);
    }
};

TEST_P(ConnectionCancelledAtTest, AStopEndsIt) {
    std::stop_source source;
    Connection connection(reactor_, trust_, to(server_, GetParam().tls));
    const auto [result, stopped] =
        reactor_.run(when_all(open_and_talk(&connection, std::string(GetParam().bytes, 'x'), 100,
                                            Scope{.stop = source.get_token()}),
                              stop_when_open(reactor_, reached_, source)));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
    EXPECT_EQ(result.error().code, "Stopped");
    if (GetParam().bytes > 1'000'000) given_up_.reach();
}

TEST_P(ConnectionCancelledAtTest, ADeadlineEndsItAndTheConnection) {
    // A busy machine may not come as far as that in a short time.
    for (Milliseconds limit(30); !reached_.open(); limit *= 2) {
        const auto result = talk_until(Scope().within(limit));
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
        EXPECT_EQ(result.error().code, "DeadlinePassed");
    }
    if (GetParam().bytes > 1'000'000) given_up_.reach();
    EXPECT_TRUE(given_up_.wait());
}

TEST_P(ConnectionCancelledAtTest, DestroyingTheTaskLeavesItToBeDestroyed) {
    const auto start_and_drop = [](Connection* connection, Reactor* reactor, Gate* reached,
                                   std::size_t bytes) -> Task<void> {
        {
            const auto task = open_and_talk(connection, std::string(bytes, 'x'), 100, Scope());
            detail::TaskAccess::frame(task).resume();
            co_await stop_when_open(*reactor, *reached, std::stop_source());
        }
        // The loop goes on while the connection is still there.
        std::ignore = co_await reactor->sleep_for(Milliseconds(2), Scope());
    };
    {
        Connection connection(reactor_, trust_, to(server_, GetParam().tls));
        reactor_.run(start_and_drop(&connection, &reactor_, &reached_, GetParam().bytes));
        if (GetParam().bytes > 1'000'000) given_up_.reach();
    }
    EXPECT_TRUE(given_up_.wait());
}

INSTANTIATE_TEST_SUITE_P(
    , ConnectionCancelledAtTest,
    testing::Values(ConnectionStage{"TlsHandshake", true, [](TestConnection&) {}, 1},
                    ConnectionStage{"Writing", false, [](TestConnection&) {}, 16'000'000},
                    ConnectionStage{"WaitingForBytes", false,
                                    [](TestConnection& c) { c.wait_for_bytes(); }, 5},
                    ConnectionStage{"TheMiddleOfTheBytes", false,
                                    [](TestConnection& c) {
                                        c.wait_for_bytes();
                                        c.send("part");
                                    },
                                    5}),
    [](const auto& stage) { return stage.param.name; });

TEST_F(ConnectionTest, BeforeItStartsNothingIsOpened) {
    const TestServer server(&echo_lines);
    EXPECT_EQ(text_of(run(to(server), "", 0, Scope{.deadline = {}})),
              "(DeadlinePassed) deadline passed before connecting to " + server.name());
    EXPECT_EQ(server.connections(), 0);
}

TEST_F(ConnectionTest, LeavesNoDescriptorOpen) {
    const auto use_some = [this] {
        const TestCertificate other;
        const TestServer good(&echo_lines, &certificate_);
        const TestServer distrusted(&echo_lines, &other);
        const TestServer closing([](TestConnection& connection) { connection.wait_for_bytes(); });
        const TestServer silent(
            [](TestConnection& connection) { connection.wait_until_client_closes(); });
        const Scope soon = Scope().within(std::chrono::seconds(60));
        for (int i = 0; i < 10; ++i) {
            EXPECT_TRUE(run(to(good, true), "hello \r\n\r\n", 6, soon));
            EXPECT_FALSE(run(to(distrusted, true), "", 0, soon));
            EXPECT_EQ(text_of(run(to(closing), "x", 6, soon)), "");
            EXPECT_FALSE(run(to(silent), "x", 6, Scope().within(Milliseconds(5))));
        }
    };
    use_some();  // libraries open what they keep
    std::ignore = reactor_.run(reactor_.sleep_for(Milliseconds(1), Scope()));
    const std::size_t before = open_descriptors();
    use_some();
    std::ignore = reactor_.run(reactor_.sleep_for(Milliseconds(1), Scope()));
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace fas::reactor
