// What the kinds that ask a web server have in common: the options that say where it is, and how it
// knows us. A kind's table has those of these keys that apply to it:
//
//     url, user, password, bearer_token, headers, ca_file, secrets_over_http
#pragma once

#include <optional>
#include <string_view>

#include "base/option.h"
#include "clients/web_endpoint.h"

namespace fas::engine {

clients::WebAccess web_access(const Options& options);

// What is wrong with them together: half of a user and password, two ways to be known, a header
// that is none, secrets that would be sent over a network in the clear.
std::optional<OptionProblem> web_access_problem(const Options& options);

// For a source's errors: what to do about one, where the server said it.
std::string_view web_advice(ErrorKind kind);

}  // namespace fas::engine
