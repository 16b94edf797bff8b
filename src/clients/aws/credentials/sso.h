// Keys for a role of IAM Identity Center, from the token that `aws sso login` left in a file. The
// token of an [sso-session] is renewed once it is about to end.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "clients/aws/credentials/default_chain.h"
#include "clients/aws/credentials/no_credentials.h"
#include "json/reader.h"

namespace fas::clients {

// Whether a profile names an SSO session or start URL.
bool names_sso(const ConfigValues& profile);

// The source for such a profile. Errors: denied "BadProfile" for a setting that is missing, or a
// session that is.
Result<std::unique_ptr<CredentialsSource>> sso_source(const CredentialsParts& parts,
                                                      const SharedConfig& files,
                                                      const std::string& name,
                                                      const ConfigValues& profile);

// What a token file of ~/.aws/sso/cache holds for us.
struct SsoToken {
    Secret token;
    TimePoint expires;
    // What a new one is had for, without a person, until the time that the program's registration
    // ends; empty where the login's kind has none.
    Secret refresh_token;
    std::string client_id;
    Secret client_secret;
    std::optional<TimePoint> registration_expires;
};

// Errors: denied "BadSsoToken", without a word of the text.
Result<SsoToken> read_sso_token(const json::Value& file);

// The keys in the portal's answer, whose time is in milliseconds. Errors: invalid "UnusableAnswer".
Result<FetchedCredentials> read_role_credentials(const reactor::HttpResponse& response);

}  // namespace fas::clients
