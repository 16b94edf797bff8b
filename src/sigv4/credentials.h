// The keys that requests are signed with. A value: one snapshot signs one request.
#pragma once

#include <string>

#include "base/secret.h"

namespace fas::sigv4 {

struct Credentials {
    std::string access_key_id;
    Secret secret_access_key;
    Secret session_token;  // empty for long-term keys

    bool operator==(const Credentials&) const = default;
};

}  // namespace fas::sigv4
