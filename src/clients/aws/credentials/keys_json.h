// The JSON in which containers' endpoints, instance metadata and credential processes hand out
// keys: {"AccessKeyId", "SecretAccessKey", a session token, "Expiration"}.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "clients/aws/credentials/source.h"

namespace fas::clients {

// The most that is read of such a text.
constexpr std::size_t keys_json_bytes_max = std::size_t{64} << 10U;

// `token_member`: "Token", or "SessionToken" from a process. Both keys must be there; keys without
// a token, or that never expire, are fine. Errors: denied, with the code and message that the text
// has in place of keys ("Code", "Message", in any case); invalid "UnusableKeys" (no JSON, more than
// 64 KiB, a member missing, of another type or unfit for a header). They quote no other value.
Result<FetchedCredentials> read_keys_json(std::string_view text, std::string_view token_member);

// The code and message in such a text, "AccessDenied: no such role"; empty without them.
std::string read_refusal(std::string_view text);

}  // namespace fas::clients
