// Keys as a profile of the shared files has them (profile_resolver.h). The files are read anew for
// each fetch: whoever replaces the keys in them tells nobody.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "clients/aws/credentials/default_chain.h"

namespace fas::clients {

class ProfileSource final : public CredentialsSource {
  public:
    // The profile that the settings chose.
    explicit ProfileSource(CredentialsParts parts) : parts_(std::move(parts)) {}

    // What the profile leads to is found out anew where the files hold something else than the time
    // before; so a role's base keeps its keys. Errors: those of SharedConfig::load; denied
    // "NotConfigured" for a profile that is not there or says nothing of keys; denied "BadProfile"
    // for one that cannot be used, with its name and key: a loop, a source that is missing, half a
    // pair of keys, a second factor; those of the sources it leads to.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

    bool changed() const override;

  private:
    std::optional<Error> follow();
    void say_that_it_is_passed_over();

    CredentialsParts parts_;
    std::string stamp_;                          // of the files when they were last read
    SharedConfig files_;                         // that source_ was found in
    std::unique_ptr<CredentialsSource> source_;  // what the profile leads to; null: not known
    bool said_ = false;
};

}  // namespace fas::clients
