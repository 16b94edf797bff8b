// A reactor with a client, for tests of the client.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "reactor/http_client.h"
#include "reactor/reactor.h"
#include "tests/reactor/test_server.h"

namespace fas::reactor {

inline HttpRequest get(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    return request;
}

inline HttpRequest post(std::string url, std::string body) {
    HttpRequest request = get(std::move(url));
    request.method = "POST";
    request.body = std::move(body);
    return request;
}

// The body, or what went wrong, in brackets.
inline std::string body_of(const Result<HttpResponse>& result) {
    if (result) return result->body;
    return "(" + result.error().code + ") " + result.error().message;
}

// The status; 0 when there was no answer.
inline int status_of(const Result<HttpResponse>& result) { return result ? result->status : 0; }

// The error's code; empty when there was an answer.
inline std::string code_of(const Result<HttpResponse>& result) {
    return result ? std::string() : result.error().code;
}

inline void expect_error(const Result<HttpResponse>& result, ErrorKind kind,
                         const std::string& code, const std::string& message) {
    ASSERT_FALSE(result) << "HTTP " << result->status;
    EXPECT_EQ(result.error().kind, kind);
    EXPECT_EQ(result.error().code, code);
    EXPECT_EQ(result.error().message, message);
}

class HttpClientFixture : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                 "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
            ::unsetenv(name);
        }
    }

    Result<HttpResponse> send(HttpRequest request, Scope scope = {}) {
        return reactor_.run(client_.send(std::move(request), std::move(scope)));
    }

    // Requests a stop once `gate` is open. Fails the test when it stays closed.
    static Task<int> stop_when_open(Reactor& reactor, test::Gate& gate, std::stop_source source) {
        const Scope limit = Scope().within(std::chrono::seconds(30));
        while (!gate.open() && !limit.over()) {
            std::ignore = co_await reactor.sleep_for(Milliseconds(1), Scope());
        }
        EXPECT_TRUE(gate.open());
        source.request_stop();
        co_return 0;
    }

    Reactor reactor_;
    HttpClient client_{reactor_, HttpClientOptions()};
};

}  // namespace fas::reactor
