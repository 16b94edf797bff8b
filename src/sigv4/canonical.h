// The canonical request: the one text that client and service both derive from a request, and whose
// hash is signed. A byte of difference here is a rejected signature. Pure functions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sigv4/request.h"

namespace fas::sigv4 {

// The query with names and values encoded, sorted, and joined: "a=&b=1". Valid on the wire too.
std::string canonical_query(std::span<const Field> query);

// The headers that take part in the signature, sorted by lower-case name. Those that proxies and
// HTTP libraries add or change on the way are left out.
struct CanonicalHeaders {
    std::string lines;  // "host:example.com\nx-amz-date:20150830T123600Z\n"
    std::string names;  // "host;x-amz-date"
};

// Values are trimmed, white space within them is folded to one space, and the values of a repeated
// name are joined with ',' in the order they were given. `own`, the headers that the signer adds,
// have lower-case names and replace the request's headers of the same name.
CanonicalHeaders canonical_headers(std::span<const Field> request_headers,
                                   std::span<const Field> own);

// `query` and `headers` are the canonical texts; signing adds to what the request itself holds.
std::string canonical_request(const Request& request, PathEncoding path_encoding,
                              std::string_view query, const CanonicalHeaders& headers,
                              std::string_view payload_hash);

}  // namespace fas::sigv4
