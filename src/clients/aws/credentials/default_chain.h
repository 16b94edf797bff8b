// The order in which credentials are looked for, as the SDKs have it: environment, profile (keys,
// role, process, SSO), web identity, container, EC2 instance. The first source that is set up is
// used; when it fails, no other is asked.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include <memory>

#include "clients/aws/client.h"
#include "clients/aws/credentials/source.h"

namespace fas::clients {

// What sources need to reach others. All of it must outlive them.
struct CredentialsParts {
    reactor::Reactor& reactor;
    reactor::HttpClient& http;
    const Clock& clock;
    Logger& log;
    const AwsSettings& settings;
    std::string region;  // for STS
};

std::unique_ptr<CredentialsSource> default_chain(const CredentialsParts& parts);

}  // namespace fas::clients
