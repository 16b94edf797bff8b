// Against real servers of the test's own.
#include "clients/brokers/web_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/loopback.h"
#include "reactor/reactor.h"
#include "tests/reactor/test_server.h"

namespace fas::clients {
namespace {

using test::http_answer;
using ::testing::HasSubstr;
using ::testing::Not;

class WebEndpointTest : public ::testing::Test {
  protected:
    Result<reactor::HttpResponse> ask(const WebAccess& access, WebRequest request = {}) {
        WebEndpoint endpoint(http_, access);
        return reactor_.run(endpoint.send(std::move(request), {}));
    }

    // What a server that answers so makes of it.
    Result<reactor::HttpResponse> answered(const std::string& answer) {
        const test::TestServer server(test::answering(answer));
        auto result = ask({.url = server.url("/secret-path?key=secret-query")});
        if (!result) {
            EXPECT_THAT(result.error().message, HasSubstr(server.name()));
            EXPECT_THAT(result.error().message, Not(HasSubstr("secret")));
        }
        return result;
    }

    test::ReceivedRequest received(WebAccess access, WebRequest request = {}) {
        test::ReceivedRequest kept;
        const test::TestServer server(test::replying([&](const test::ReceivedRequest& received) {
            kept = received;
            return http_answer(200, "ok");
        }));
        access.url = server.url(access.url);
        const auto result = ask(access, std::move(request));
        EXPECT_TRUE(result) << result.error().message;
        return kept;
    }

    reactor::Reactor reactor_;
    reactor::HttpClient http_{reactor_, reactor::HttpClientOptions{}};
};

TEST_F(WebEndpointTest, SendsWhatItIsKnownByWithEachRequest) {
    auto request = received({.url = "/base/",
                             .user = "Aladdin",
                             .password = Secret{"open sesame"},
                             .headers = Secret{"X-Scope-OrgID: tenant-1\r\n\n X-Other:a: b \n"}},
                            {.method = "POST",
                             .target = "/api/x%2Fy?z=1",
                             .headers = {{"Content-Type", "text/plain"}},
                             .body = "hello"});
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/base/api/x%2Fy?z=1");
    EXPECT_EQ(request.body, "hello");
    // RFC 7617, section 2.
    EXPECT_EQ(request.header("Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    EXPECT_EQ(request.header("X-Scope-OrgID"), "tenant-1");
    EXPECT_EQ(request.header("X-Other"), "a: b");
    EXPECT_EQ(request.header("Content-Type"), "text/plain");
    EXPECT_EQ(request.header("User-Agent"), "fast-autoscaler");

    request = received({.url = "/page/?q=1", .bearer_token = Secret{"t.o-k_e/n=="}});
    EXPECT_EQ(request.target, "/page/?q=1");
    EXPECT_EQ(request.header("Authorization"), "Bearer t.o-k_e/n==");

    request = received({.url = "/page/"});
    EXPECT_EQ(request.target, "/page/");
    EXPECT_EQ(request.header("Authorization"), "");
}

TEST_F(WebEndpointTest, AnAddressMayEndWithTheBeginningOfWhatIsAppended) {
    for (const auto& [url, target] :
         {std::pair{"/api/v1/query", "/api/v1/query"}, std::pair{"/api/v1/query/", "/api/v1/query"},
          std::pair{"/api/v1", "/api/v1/query"}, std::pair{"/api", "/api/v1/query"},
          std::pair{"/a/api/", "/a/api/v1/query"}, std::pair{"/v1", "/v1/api/v1/query"},
          std::pair{"/myapi", "/myapi/api/v1/query"}, std::pair{"", "/api/v1/query"}}) {
        EXPECT_EQ(received({.url = url}, {.target = "/api/v1/query"}).target, target) << url;
    }
}

TEST_F(WebEndpointTest, AsksForABodyThatIsNotCompressedUnlessTheUserDoes) {
    EXPECT_EQ(received({.url = "/"}).header("Accept-Encoding"), "identity");
    EXPECT_EQ(
        received({.url = "/", .headers = Secret{"accept-encoding: br"}}).header("Accept-Encoding"),
        "br");
}

TEST_F(WebEndpointTest, EncodesBasicByAnyLength) {
    // RFC 4648, section 10, behind "u:".
    const std::pair<const char*, const char*> cases[]{
        {"", "dTo="}, {"f", "dTpm"}, {"fo", "dTpmbw=="}, {"\xc3\xbf\xff", "dTrDv/8="}};
    for (const auto& [password, encoded] : cases) {
        const auto request = received({.url = "/", .user = "u", .password = Secret{password}});
        EXPECT_EQ(request.header("Authorization"), std::string{"Basic "} + encoded);
    }
}

TEST_F(WebEndpointTest, TellsTheStatusesApart) {
    const std::pair<int, ErrorKind> cases[]{
        {400, ErrorKind::invalid},   {401, ErrorKind::denied},    {403, ErrorKind::denied},
        {404, ErrorKind::not_found}, {408, ErrorKind::retryable}, {410, ErrorKind::not_found},
        {418, ErrorKind::invalid},   {429, ErrorKind::throttled}, {500, ErrorKind::retryable},
        {503, ErrorKind::retryable},
    };
    for (const auto& [status, kind] : cases) {
        const auto result = answered(http_answer(status, "a body with a secret"));
        ASSERT_FALSE(result) << status;
        EXPECT_EQ(result.error().kind, kind) << status;
        EXPECT_EQ(result.error().code, "HTTP" + std::to_string(status));
        EXPECT_EQ(result.error().http_status, status);
    }
    const auto created = answered(http_answer(201, "made"));
    ASSERT_TRUE(created);
    EXPECT_EQ(created->body, "made");
}

TEST_F(WebEndpointTest, TheCallerReadsWhatItWants) {
    const test::TestServer server(test::answering(http_answer(422, "the reason")));
    WebRequest request;
    request.readable = [](const reactor::HttpResponse& response) { return response.status == 422; };
    const auto result = ask({.url = server.url()}, std::move(request));
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->body, "the reason");
}

TEST_F(WebEndpointTest, FollowsNoRedirectAndSaysWhereItLeads) {
    const auto result =
        answered(http_answer(302, "", "Location: https://login.example/start?token=secret\r\n"));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "Redirected");
    EXPECT_EQ(result.error().kind, ErrorKind::invalid);
    EXPECT_THAT(result.error().message, HasSubstr("https://login.example/start,"));
}

TEST_F(WebEndpointTest, ReplacesAKeptConnectionThatTurnsOutClosedOnce) {
    std::atomic<int> requests = 0;
    const test::TestServer server([&requests](test::TestConnection& connection) {
        // The first connection answers once, and then closes without an answer.
        const bool first = requests == 0;
        while (connection.read_request()) {
            if (++requests == 2 && first) return;
            connection.send(http_answer(200, "ok"));
        }
    });
    WebEndpoint endpoint(http_, {.url = server.url()});
    for (int i = 0; i < 2; ++i) {
        const auto result = reactor_.run(endpoint.send({}, {}));
        EXPECT_TRUE(result) << result.error().message;
    }
    EXPECT_EQ(requests, 3);
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(WebEndpointTest, LimitsTheSizeAndTheTime) {
    WebRequest small;
    small.response_bytes_max = 3;
    const test::TestServer server(test::answering(http_answer(200, "four")));
    EXPECT_EQ(ask({.url = server.url()}, std::move(small)).error().code, "ResponseTooLarge");

    test::Gate never;
    const test::TestServer silent([&never](test::TestConnection& connection) {
        connection.read_request();
        connection.read_request();  // until the client hangs up
        never.reach();
    });
    WebRequest hasty;
    hasty.limit = Milliseconds{50};
    const auto late = ask({.url = silent.url()}, std::move(hasty));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, "Timeout");
    EXPECT_EQ(late.error().kind, ErrorKind::retryable);
}

TEST_F(WebEndpointTest, BelievesThePrivateAuthorityThatIsNamed) {
    const test::TestCertificate certificate;
    const test::TestServer server(test::answering(http_answer(200, "ok")), &certificate);
    const auto trusted = ask({.url = server.url(), .ca_file = certificate.file()});
    EXPECT_TRUE(trusted) << trusted.error().message;
    const auto distrusted = ask({.url = server.url()});
    ASSERT_FALSE(distrusted);
    EXPECT_EQ(distrusted.error().code, "CertificateNotTrusted");
    EXPECT_THAT(distrusted.error().message, HasSubstr("ca_file"));
    const auto unreadable = ask({.url = server.url(), .ca_file = "/no/such/ca.pem"});
    ASSERT_FALSE(unreadable);
    EXPECT_EQ(unreadable.error().code, "BadCaBundle");
    EXPECT_THAT(unreadable.error().message, HasSubstr("/no/such/ca.pem"));
}

TEST(HeaderLines, ThatAreNoneAreNamedByTheirNumber) {
    for (const char* lines : {"X-Ok: 1\nsecret", "X-Ok: 1\n: secret", "X-Ok: 1\nX Y: secret",
                              "X-Ok: 1\nContent-Length: 5", "X-Ok: 1\nhost: secret",
                              "X-Ok: 1\nX-A: secr\x01"
                              "et",
                              "X-Ok: 1\nX-A: secr\xc3\xa9t"}) {
        const auto headers = read_header_lines(lines);
        ASSERT_FALSE(headers) << lines;
        EXPECT_EQ(headers.error().code, "BadHeader");
        EXPECT_THAT(headers.error().message, HasSubstr("line 2 "));
        EXPECT_THAT(headers.error().message, Not(HasSubstr("secr")));
    }
    std::string many;
    for (int i = 0; i < 33; ++i) many += "X: 1\n";
    EXPECT_FALSE(read_header_lines(many));
    EXPECT_TRUE(read_header_lines(""));
}

TEST(ExposesSecrets, OverANetworkWithoutTlsAlone) {
    const Secret secret{"x"};
    for (const char* host : {"localhost", "localhost:1", "127.0.0.1:9090/x", "127.8.7.6", "[::1]:5",
                             "[0:0:0:0:0:0:0:1]?q"}) {
        EXPECT_FALSE(exposes_secrets({.url = std::string{"http://"} + host, .password = secret}))
            << host;
    }
    for (const char* host :
         {"a", "localhost.example", "127.0.0.1.example", "10.0.0.1", "[fd00::1]", "128.0.0.1"}) {
        const std::string plain = std::string{"http://"} + host;
        EXPECT_TRUE(exposes_secrets({.url = plain, .password = secret})) << host;
        EXPECT_TRUE(exposes_secrets({.url = plain, .bearer_token = secret})) << host;
        EXPECT_TRUE(exposes_secrets({.url = plain, .headers = secret})) << host;
        EXPECT_FALSE(exposes_secrets({.url = plain})) << host;
        EXPECT_FALSE(exposes_secrets({.url = std::string{"https://"} + host, .password = secret}));
    }
}

}  // namespace
}  // namespace fas::clients
