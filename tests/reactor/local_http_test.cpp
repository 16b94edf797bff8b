#include "reactor/local_http.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "reactor/reactor.h"
#include "tests/reactor/http_client_fixture.h"

namespace fas::reactor {
namespace {

using test::Gate;
using test::http_answer;
using test::TestConnection;
using test::TestServer;

LocalHttpRequest local_get(std::string path) {
    LocalHttpRequest request;
    request.path = std::move(path);
    return request;
}

LocalHttpRequest local_post(std::string path, std::string body) {
    LocalHttpRequest request = local_get(std::move(path));
    request.method = "POST";
    request.body = std::move(body);
    return request;
}

// Says back what it was sent: "POST /path body".
void say_back(TestConnection& connection) {
    while (const auto request = connection.read_request()) {
        connection.send(
            http_answer(200, request->method + " " + request->target + " " + request->body));
    }
}

class LocalHttpTest : public testing::Test {
  protected:
    std::string send(LocalHttp& http, LocalHttpRequest request, Scope scope = {}) {
        return body_of(reactor_.run(http.send(std::move(request), std::move(scope))));
    }

    Reactor reactor_;
};

TEST_F(LocalHttpTest, ExchangesRequestsOverOneConnection) {
    const TestServer server(say_back);
    LocalHttp http(reactor_, server.name());
    EXPECT_EQ(send(http, local_get("/next")), "GET /next ");
    EXPECT_EQ(send(http, local_post("/answer", "ok")), "POST /answer ok");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(LocalHttpTest, SendsTheHeadersThatItIsGivenAndItsOwn) {
    std::string seen;
    const TestServer server([&seen](TestConnection& connection) {
        const auto request = connection.read_request();
        for (const auto& [name, value] : request->headers) {
            seen.append(name).append("=").append(value).append(";");
        }
        connection.send(http_answer(200, ""));
    });
    LocalHttp http(reactor_, server.name());
    LocalHttpRequest request = local_post("/", "xyz");
    request.headers = {{"Content-Type", "text/plain"}};
    send(http, std::move(request));
    EXPECT_EQ(seen, "Host=" + server.name() + ";Content-Type=text/plain;Content-Length=3;");
}

TEST_F(LocalHttpTest, SendsAndReceivesMoreThanASocketHolds) {
    const std::string much(8U << 20U, 'm');
    const TestServer server(say_back);
    LocalHttp http(reactor_, server.name());
    LocalHttpRequest request = local_post("/", much);
    request.response_bytes_max = 16U << 20U;
    EXPECT_EQ(send(http, std::move(request)), "POST / " + much);
}

TEST_F(LocalHttpTest, ReadsAnAnswerThatComesBeforeTheRequestIsRead) {
    const TestServer server([](TestConnection& connection) {
        connection.wait_for_bytes();
        connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge");
        connection.read_request();
    });
    LocalHttp http(reactor_, server.name());
    EXPECT_EQ(send(http, local_post("/", std::string(32U << 20U, 'm'))), "large");
}

TEST_F(LocalHttpTest, ConnectsAnewWhenTheKeptConnectionHasEnded) {
    Gate closed(1);
    const TestServer server([&closed](TestConnection& connection) {
        const auto request = connection.read_request();
        connection.send(http_answer(200, request->target));
        connection.close();
        closed.reach();
    });
    LocalHttp http(reactor_, server.name());
    EXPECT_EQ(send(http, local_get("/1")), "/1");
    ASSERT_TRUE(closed.wait());
    EXPECT_EQ(send(http, local_get("/2")), "/2");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(LocalHttpTest, ANewConnectionThatEndsUnansweredIsAnError) {
    const TestServer server([](TestConnection& connection) { connection.read_request(); });
    LocalHttp http(reactor_, server.name());
    EXPECT_EQ(send(http, local_get("/")), "(ConnectionLost) " + server.name() +
                                              " ended the connection without a complete answer");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(LocalHttpTest, AnAnswerThatIsNoneIsAnErrorAndTheNextRequestConnectsAnew) {
    bool first = true;
    const TestServer server([&first](TestConnection& connection) {
        connection.read_request();
        connection.send(std::exchange(first, false) ? "hello\r\n\r\n" : http_answer(200, "well"));
        connection.read_request();
    });
    LocalHttp http(reactor_, server.name());
    EXPECT_TRUE(send(http, local_get("/")).starts_with("(MalformedResponse)"));
    EXPECT_EQ(send(http, local_get("/")), "well");
}

TEST_F(LocalHttpTest, NobodyListeningIsAnError) {
    std::string nobody;
    {
        const TestServer server(say_back);
        nobody = server.name();
    }
    LocalHttp http(reactor_, nobody);
    EXPECT_EQ(send(http, local_get("/")),
              "(ConnectFailed) cannot connect to " + nobody + ": Connection refused");
}

TEST_F(LocalHttpTest, TakesLocalAddressesOnly) {
    const TestServer server(say_back);
    LocalHttp by_name(reactor_, "localhost:" + std::to_string(server.port()));
    EXPECT_EQ(send(by_name, local_get("/")), "GET / ");
    for (const char* address : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
                                "127.0.0.1:80x", "example.com:80", "::1:80", "[::1:80", "[]:80"}) {
        LocalHttp http(reactor_, address);
        EXPECT_TRUE(send(http, local_get("/")).starts_with("(BadAddress)")) << address;
    }
}

TEST_F(LocalHttpTest, EndsWithItsScopeAndConnectsAnewAfterwards) {
    Gate done(1);
    const TestServer server([&done](TestConnection& connection) {
        while (const auto request = connection.read_request()) {
            if (request->target == "/never") continue;
            connection.send(http_answer(200, "here"));
        }
        done.reach();
    });
    LocalHttp http(reactor_, server.name());
    EXPECT_TRUE(send(http, local_get("/never"), Scope{}.within(Milliseconds{20}))
                    .starts_with("(DeadlinePassed)"));
    ASSERT_TRUE(done.wait());  // it has closed that connection: an answer may still be on its way
    EXPECT_EQ(send(http, local_get("/")), "here");
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace fas::reactor
