// One call to an AWS service: credentials, signature, sending, retries, and errors told apart.
// Services' own clients (sqs.h, ecs.h, s3.h) build on it. One thread; calls may overlap.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/log.h"
#include "base/result.h"
#include "clients/aws_service.h"
#include "clients/credentials/provider.h"
#include "clients/endpoint.h"
#include "reactor/http_client.h"
#include "reactor/reactor.h"
#include "sigv4/signer.h"

namespace fas::clients {

// What all clients share. Whoever makes it owns the parts, and outlives the clients.
struct AwsContext {
    reactor::Reactor& reactor;
    reactor::HttpClient& http;
    CredentialsProvider& credentials;
    Logger& log;
    Environment environment;
    std::string region;
};

struct AwsRequest {
    std::string operation;  // "GetQueueAttributes"
    std::string method = "POST";
    std::string host;        // empty: the endpoint's
    std::string path = "/";  // percent-encoded
    std::vector<sigv4::Field> headers;
    std::string body;
};

class AwsClient {
  public:
    AwsClient(AwsContext& context, AwsService service);

    // An answer of 2xx, or the error of the last attempt. Every attempt is signed anew.
    // Errors: as AWS's codes say (aws_error.h); denied without credentials; those of
    // HttpClient::send; cancelled when the scope ends first.
    reactor::Task<Result<reactor::HttpResponse>> send(AwsRequest request, reactor::Scope scope);

    // An operation of the AWS JSON protocols, whose `body` is its JSON input.
    reactor::Task<Result<reactor::HttpResponse>> call_json(std::string operation, std::string body,
                                                           reactor::Scope scope);

    const Result<Endpoint>& endpoint() const { return endpoint_; }
    const AwsService& service() const { return service_; }

  private:
    reactor::HttpRequest signed_request(const AwsRequest& request,
                                        const sigv4::Credentials& credentials);

    AwsContext& context_;
    AwsService service_;
    Result<Endpoint> endpoint_;
    sigv4::Signer signer_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace fas::clients
