// Keys as a profile of the shared files has them: a role on top of another profile or of where the
// program runs, a web identity, SSO, plain keys, or a program that prints them; in this order.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
#pragma once

#include <memory>

#include "clients/aws/credentials/default_chain.h"

namespace fas::clients {

class ProfileSource final : public CredentialsSource {
  public:
    // The profile that the settings chose. What it leads to is found out here, once; problems are
    // fetch()'s.
    explicit ProfileSource(const CredentialsParts& parts);

    // Errors: denied "NotConfigured" for a profile that is not there or says nothing of keys;
    // denied "BadProfile" for one that cannot be used, with its name and key: a loop, a source that
    // is missing, half a pair of keys, a second factor; those of the sources it leads to.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    std::string name_;
    Result<std::unique_ptr<CredentialsSource>> source_;
};

}  // namespace fas::clients
