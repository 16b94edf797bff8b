// Keys of a login to the console, which `aws login` left in a file, and new ones once these are
// about to end: they last for a quarter of an hour, the login for half a day. Who asks for new ones
// signs with the login's own key (DPoP).
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html
// https://www.rfc-editor.org/rfc/rfc9449
#pragma once

#include <memory>
#include <string>

#include "clients/aws/credentials/default_chain.h"

namespace fas::clients {

// The source for a profile whose `login_session` this is. Its errors: denied "BadLogin", where
// nobody logged in, the file cannot be used, or the login is over: run aws login; those of a call
// that fails.
std::unique_ptr<CredentialsSource> login_source(const CredentialsParts& parts,
                                                const std::string& profile,
                                                const std::string& session);

}  // namespace fas::clients
