// The credentials of an EC2 instance's role, from its metadata service, version 2 only: version 1
// can be talked into giving keys away by anybody who makes a server fetch a URL.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#pragma once

#include "clients/aws/credentials/default_chain.h"
#include "clients/aws/endpoint.h"

namespace fas::clients {

class ImdsSource final : public CredentialsSource {
  public:
    explicit ImdsSource(const CredentialsParts& parts);

    // Three requests, a second each, and never through a proxy. An answer that asks for patience
    // (503) is asked for up to three times; what does not answer, once: it is not there. Errors:
    // denied "NotConfigured" when it is turned off, does not answer, or the instance has no role:
    // being the last that is asked, it then says what could be set up; invalid "BadEndpoint";
    // "MetadataRefused", in the kind that the status asks for; those of read_keys_json.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    reactor::Task<Result<reactor::HttpResponse>> ask(reactor::HttpRequest request,
                                                     reactor::Scope scope);
    reactor::HttpRequest request(std::string method, std::string_view path) const;

    reactor::Reactor& reactor_;
    reactor::HttpClient& http_;
    bool disabled_;
    Result<Endpoint> endpoint_;
};

}  // namespace fas::clients
