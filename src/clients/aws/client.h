// One call to an AWS service: credentials, signature, sending, retries, and errors told apart.
// Services' own clients (sqs.h, ecs.h, s3.h, sts.h) build on it. One thread; calls may overlap.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "clients/aws/config/aws_settings.h"
#include "clients/aws/credentials/provider.h"
#include "clients/aws/endpoint.h"
#include "clients/aws/rate_queue.h"
#include "clients/aws/retry.h"
#include "clients/aws/service.h"
#include "clients/aws/service_clock.h"
#include "reactor/http_client.h"
#include "reactor/reactor.h"
#include "sigv4/signer.h"

namespace fas::clients {

// What all clients of one account and region share. Whoever makes it owns the parts, and outlives
// the clients.
struct AwsContext {
    reactor::Reactor& reactor;
    reactor::HttpClient& http;
    CredentialsProvider& credentials;
    const Clock& clock;
    Logger& log;
    const AwsSettings& settings;
    std::string region;
};

struct AwsRequest {
    std::string operation;  // "GetQueueAttributes"
    std::string method = "POST";
    std::string scheme;               // empty: the endpoint's
    std::string host;                 // empty: the endpoint's
    std::string region;               // to sign for; empty: the endpoint's
    std::string path = "/";           // percent-encoded
    std::vector<sigv4::Field> query;  // not encoded
    std::vector<sigv4::Field> headers;
    std::string body;
    bool anonymous = false;  // not signed
    std::size_t response_bytes_max = std::size_t{1} << 20U;
    // Of the answers that are errors, those that the caller reads itself; null: none.
    bool (*readable)(const reactor::HttpResponse&) = nullptr;
    // No attempt begins later than so long after the call; 0: whenever its turn comes.
    Milliseconds begins_within{0};
};

// Of a request that changes a count: what it was decided on is old after that.
inline constexpr Milliseconds change_begins_within{3'000};

class AwsClient {
  public:
    AwsClient(AwsContext& context, AwsService service);

    // An answer of 2xx or a readable one, or the error of the last attempt. Every attempt is signed
    // anew, after the pause before it, by a clock that follows the service's. A kept connection
    // that turns out closed is replaced at once; keys that a service calls expired, or does
    // not know, are fetched anew, once, and the call is sent again if they are others. An answer
    // whose checksum (x-amz-crc32) is not its body's counts as lost. While the service throttles an
    // operation, its attempts wait their turn (rate_limit.h). Errors: retryable "TooLate", for one
    // whose turn does not come in time; as AWS's codes say (error.h);
    // denied without credentials; those of HttpClient::send; cancelled when the scope ends first.
    // After an error that came without an answer, whether the service did what was asked is not
    // known.
    reactor::Task<Result<reactor::HttpResponse>> send(AwsRequest request, reactor::Scope scope);

    // An operation of the AWS JSON protocols, whose `body` is its JSON input; and its request, for
    // a caller who changes something about it.
    AwsRequest json_request(std::string operation, std::string body) const;
    reactor::Task<Result<reactor::HttpResponse>> call_json(std::string operation, std::string body,
                                                           reactor::Scope scope);

    // The same of the Query protocol; Action and Version are added to its parameters.
    AwsRequest query_request(std::string operation, std::vector<sigv4::Field> parameters) const;
    reactor::Task<Result<reactor::HttpResponse>> call_query(std::string operation,
                                                            std::vector<sigv4::Field> parameters,
                                                            bool anonymous, reactor::Scope scope);

    const Result<Endpoint>& endpoint() const { return endpoint_; }
    const AwsService& service() const { return service_; }

    // The service's time.
    TimePoint now() const { return clock_.now(); }

  private:
    // What one call remembers from attempt to attempt.
    struct Call {
        AwsRequest request;
        std::string invocation_id;
        sigv4::Credentials keys;      // those of the last attempt
        int attempt = 1;              // as the service is told
        int retry_cost = 0;           // of the last retry, in tokens of the quota
        bool new_connection = false;  // since a kept one was found closed
        bool new_keys = false;        // since the service called the old ones expired
    };

    std::string new_invocation_id();
    reactor::HttpRequest http_request(const Call& call);
    std::optional<Milliseconds> pause_before_retry(Call& call, const Error& error,
                                                   const Result<reactor::HttpResponse>& response);

    AwsContext& context_;
    AwsService service_;
    Result<Endpoint> endpoint_;
    sigv4::Signer signer_;
    ServiceClock clock_;
    RetryQuota quota_;
    RateQueue rates_;
    std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace fas::clients
