// Where a profile of the shared files leads: a role on top of another profile or of where the
// program runs, a web identity, SSO, plain keys, `aws login`, or a program that prints keys. Pure:
// nobody is asked, and of the file system nothing is read.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
#pragma once

#include <memory>
#include <string>

#include "clients/aws/credentials/default_chain.h"

namespace fas::clients {

// The source that `files` have for the profile, of which it keeps nothing. Errors: denied
// "NotConfigured" for a profile that is not there or says nothing of keys; denied "BadProfile" for
// one that cannot be used.
Result<std::unique_ptr<CredentialsSource>> resolve_profile(const CredentialsParts& parts,
                                                           const SharedConfig& files,
                                                           const std::string& name);

// Denied "BadProfile": "profile NAME gives no keys: WHY".
Error bad_profile(std::string_view profile, std::string_view why);

}  // namespace fas::clients
