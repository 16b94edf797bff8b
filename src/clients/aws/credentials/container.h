// The credentials of an ECS task or an EKS pod, from the endpoint that the container's environment
// names.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#pragma once

#include "clients/aws/credentials/default_chain.h"

namespace fas::clients {

class ContainerSource final : public CredentialsSource {
  public:
    explicit ContainerSource(const CredentialsParts& parts);

    // Asks up to three times, two seconds each, and never through a proxy. Errors: denied
    // "NotConfigured" when the environment names no endpoint; denied "BadContainerEndpoint" when it
    // names one that must not be given the token, or the token is unfit; those of read_token_file,
    // read_keys_json and HttpClient::send; "ContainerRefused", in the kind that the status asks
    // for.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    reactor::Reactor& reactor_;
    reactor::HttpClient& http_;
    Environment environment_;
};

}  // namespace fas::clients
