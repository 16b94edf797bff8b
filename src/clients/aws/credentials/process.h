// Keys that another program prints: `credential_process` of a profile.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
#pragma once

#include <string>
#include <vector>

#include "clients/aws/credentials/default_chain.h"

namespace fas::clients {

class ProcessSource final : public CredentialsSource {
  public:
    ProcessSource(const CredentialsParts& parts, std::string profile, std::string command);

    // Runs the command, without a shell, for at most a minute. Errors: denied "BadProcess", which
    // names the profile and the program, but neither arguments nor what it printed; cancelled.
    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    reactor::Reactor& reactor_;
    const Clock& clock_;
    std::string profile_;
    std::string command_;
};

// The words of a command line: separated by white space, with the quotes and backslashes of a POSIX
// shell, and nothing else of one. Errors: invalid, for a quote that is not closed.
Result<std::vector<std::string>> split_command(std::string_view command);

}  // namespace fas::clients
