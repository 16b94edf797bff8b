// A client's surroundings in a test: a reactor, an HTTP client, a clock moved by hand, keys that a
// test can exchange, and an endpoint at a server of the test's own.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "clients/aws/client.h"
#include "tests/reactor/test_server.h"

namespace fas::clients {

inline constexpr AwsService sqs{.name = "SQS",
                                .signing_name = "sqs",
                                .host_prefix = "sqs",
                                .target_prefix = "AmazonSQS",
                                .protocol = Protocol::json_1_0};

// A header of an answer, as TestServer sends it.
inline constexpr const char* request_id_header = "x-amzn-RequestId: 0b9c6e54-1111\r\n";

class HandClock final : public Clock {
  public:
    TimePoint now() const override { return time; }
    TimePoint time = *from_epoch_seconds(1'795'435'200);  // Mon, 23 Nov 2026 12:00:00 GMT
};

class HandKeys final : public CredentialsProvider {
  public:
    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope) override { co_return keys; }
    void refused(const sigv4::Credentials& refused_keys) override {
        refusals.push_back(refused_keys.access_key_id);
        if (next) keys = *next;
    }

    sigv4::Credentials keys{"AKIDOLD", Secret{"old-secret"}, Secret{"old-token"}};
    std::optional<sigv4::Credentials> next;  // what a refresh gives; nothing: the same again
    std::vector<std::string> refusals;
};

using Variables = std::map<std::string, std::string>;

inline Environment environment_of(Variables variables) {
    return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end() || found->second.empty()) return std::nullopt;
        return found->second;
    };
}

inline AwsSettings settings_of(Variables variables) {
    auto settings = AwsSettings::make(environment_of(std::move(variables)), SharedConfig{});
    EXPECT_TRUE(settings) << settings.error().message;
    return std::move(*settings);
}

// Everything that `server` needs to be asked as if it were AWS.
class AwsSurroundings {
  public:
    explicit AwsSurroundings(const test::TestServer& server)
        : settings(settings_of({{"AWS_ENDPOINT_URL", server.url("")}})) {}

    reactor::Reactor reactor;
    reactor::HttpClient http{reactor, reactor::HttpClientOptions{}};
    HandKeys keys;
    HandClock clock;
    Logger log{LogLevel::error};
    AwsSettings settings;
    AwsContext context{reactor, http, keys, clock, log, settings, "eu-west-1"};
};

}  // namespace fas::clients
