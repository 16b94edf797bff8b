#include <gmock/gmock.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "reactor/prefetch.h"
#include "reactor/when_all.h"
#include "tests/reactor/http_client_fixture.h"
#include "tests/reactor/open_descriptors.h"

namespace fas::reactor {
namespace {

using test::answering;
using test::http_answer;
using test::open_descriptors;
using test::TestCertificate;
using test::TestConnection;
using test::TestServer;
using testing::StartsWith;

class HttpClientTlsTest : public HttpClientFixture {
  protected:
    Result<HttpResponse> send_trusting(const std::string& ca_bundle, const std::string& url) {
        HttpClient client(reactor_, HttpClientOptions{.ca_bundle = ca_bundle});
        return reactor_.run(client.send(get(url), Scope()));
    }

    const TestCertificate certificate_;
};

TEST_F(HttpClientTlsTest, TrustsTheCertificatesOfTheBundle) {
    const TestServer server(answering(http_answer(200, "secure")), &certificate_);
    EXPECT_EQ(body_of(send_trusting(certificate_.file(), server.url())), "secure");
}

TEST_F(HttpClientTlsTest, RefusesACertificateOfAnUnknownAuthority) {
    const TestServer server(answering(http_answer(200, "")), &certificate_);
    const TestCertificate other;
    for (const std::string& bundle : {std::string(), other.file()}) {
        const auto result = send_trusting(bundle, server.url("/?secret"));
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::denied);
        EXPECT_EQ(result.error().code, "CertificateNotTrusted");
        EXPECT_THAT(result.error().message,
                    StartsWith("the certificate of " + server.name() + " is not trusted: "));
        EXPECT_EQ(result.error().message.find("secret"), std::string::npos);
    }
}

TEST_F(HttpClientTlsTest, RefusesACertificateOfAnotherHost) {
    const TestCertificate other_host("DNS:other.example");
    const TestServer server(answering(http_answer(200, "")), &other_host);
    const auto result = send_trusting(other_host.file(), server.url());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::denied);
    EXPECT_EQ(result.error().code, "CertificateNotTrusted");
}

TEST_F(HttpClientTlsTest, AHandshakeThatFailsMayBeTriedAgain) {
    const TestServer server(
        [](TestConnection& connection) { connection.send("not TLS at all\n"); });
    const auto result = send(get("https://" + server.name() + "/?secret"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::retryable);
    EXPECT_EQ(result.error().code, "TlsFailed");
    EXPECT_THAT(result.error().message,
                StartsWith("the TLS handshake with " + server.name() + " failed: "));
    EXPECT_EQ(result.error().message.find("secret"), std::string::npos);
}

TEST_F(HttpClientTlsTest, KeepsConnections) {
    const TestServer server(answering(http_answer(200, "ok")), &certificate_);
    HttpClient client(reactor_, HttpClientOptions{.ca_bundle = certificate_.file()});
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(reactor_.run(client.send(get(server.url()), Scope())));
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTlsTest, LivesThroughAPipeThatBreaksUnderItsRequest) {
    const TestServer server(
        [](TestConnection& connection) {
            connection.read_request();
            connection.send(http_answer(200, "ok"));
            if (connection.wait_for_bytes()) connection.reset();
        },
        &certificate_);
    HttpClient client(reactor_, HttpClientOptions{.ca_bundle = certificate_.file()});
    for (int i = 0; i < 10; ++i) {
        const auto result =
            reactor_.run(client.send(post(server.url(), std::string(5'000'000, 'x')), Scope()));
        EXPECT_TRUE(result || code_of(result) == "StaleConnection") << body_of(result);
    }
}

// A client's whole life: requests that succeed, fail and are cancelled, many at a time.
void use_a_client(const TestCertificate& certificate) {
    Reactor reactor;
    HttpClient client(reactor, HttpClientOptions{.ca_bundle = certificate.file()});
    const TestServer good(answering(http_answer(200, "ok")), &certificate);
    const TestServer closing([](TestConnection& connection) { connection.read_request(); });
    const TestServer silent(
        [](TestConnection& connection) { connection.wait_until_client_closes(); });
    for (int round = 0; round < 5; ++round) {
        std::vector<Task<Result<HttpResponse>>> tasks;
        for (int i = 0; i < 20; ++i) {
            HttpRequest request;
            for (const TestServer* server : {&good, &closing, &silent}) {
                request.url = server->url();
                const Scope soon = Scope().within(Milliseconds(20));
                tasks.push_back(client.send(request, server == &silent ? soon : Scope()));
            }
        }
        const auto results = reactor.run(when_all(std::move(tasks)));
        for (std::size_t i = 0; i < results.size(); i += 3) {
            EXPECT_TRUE(results[i]);
            EXPECT_EQ(code_of(results[i + 1]), "ConnectionLost");
            EXPECT_EQ(code_of(results[i + 2]), "DeadlinePassed");
        }
    }
}

TEST_F(HttpClientTlsTest, LeavesNoDescriptorOpen) {
    use_a_client(certificate_);  // libraries open what they keep
    const std::size_t before = open_descriptors();
    use_a_client(certificate_);
    EXPECT_EQ(open_descriptors(), before);
}

// Says whether the connection's TLS session was resumed.
void tell_resumed(TestConnection& connection) {
    while (connection.read_request()) {
        connection.send(http_answer(200, connection.resumed() ? "resumed" : "full"));
    }
}

TEST_F(HttpClientTlsTest, ClosesIdleConnectionsAndResumesTheirSessions) {
    const TestServer server(tell_resumed, &certificate_);
    HttpClient client(reactor_, HttpClientOptions{.ca_bundle = certificate_.file()});
    EXPECT_EQ(body_of(reactor_.run(client.send(get(server.url()), Scope()))), "full");
    EXPECT_EQ(body_of(reactor_.run(client.send(get(server.url()), Scope()))), "full");
    EXPECT_EQ(server.connections(), 1);
    client.close_idle_connections();
    EXPECT_EQ(body_of(reactor_.run(client.send(get(server.url()), Scope()))), "resumed");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(HttpClientTlsTest, ASessionIsResumedBesideItsConnectionAndMoreThanOnce) {
    const TestServer server(tell_resumed, &certificate_);
    HttpClient client(reactor_, HttpClientOptions{.ca_bundle = certificate_.file()});
    EXPECT_EQ(body_of(reactor_.run(client.send(get(server.url()), Scope()))), "full");
    HttpRequest on_a_new_one = get(server.url());
    on_a_new_one.new_connection = true;
    for (int times = 0; times < 3; ++times) {
        EXPECT_EQ(body_of(reactor_.run(client.send(on_a_new_one, Scope()))), "resumed");
    }
    EXPECT_EQ(server.connections(), 4);
}

// Whose certificates would otherwise not be looked at.
TEST_F(HttpClientTlsTest, ASessionIsNotResumedUnderAnotherTrust) {
    const TestServer server(tell_resumed, &certificate_);
    HttpClient client(reactor_, HttpClientOptions{.system_bundles = {certificate_.file()}});
    EXPECT_EQ(body_of(reactor_.run(client.send(get(server.url()), Scope()))), "full");
    HttpRequest of_amazon = get(server.url());
    of_amazon.trust = Trust::amazon;
    const auto result = reactor_.run(client.send(of_amazon, Scope()));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "CertificateNotTrusted");
}

TEST_F(HttpClientTlsTest, ConnectionsInUseAreNotClosed) {
    test::Gate asked;
    test::Gate closed;
    const TestServer server(
        [&](TestConnection& connection) {
            connection.read_request();
            asked.reach();
            closed.wait();
            connection.send(http_answer(200, "answered"));
        },
        &certificate_);
    HttpClient client(reactor_, HttpClientOptions{.ca_bundle = certificate_.file()});
    Prefetch<Result<HttpResponse>> sending(reactor_);
    sending.begin(client.send(get(server.url()), Scope()));
    while (!asked.open()) {
        ASSERT_TRUE(reactor_.run(reactor_.sleep_for(Milliseconds{1}, Scope())));
    }
    client.close_idle_connections();
    closed.reach();
    EXPECT_EQ(body_of(*reactor_.run(sending.finish(Scope()))), "answered");
}

}  // namespace
}  // namespace fas::reactor
