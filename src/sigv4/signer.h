// AWS Signature Version 4: proves to an AWS service who sent a request and that nobody changed it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
//
// Pure: no clock, no environment, no I/O. A Signer caches signing keys and is used by one thread.
// Signing cannot fail: any input gives a signature, and the service says whether it likes it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/time.h"
#include "sigv4/credentials.h"
#include "sigv4/request.h"
#include "sigv4/signing_key.h"

namespace fas::sigv4 {

// The intermediate texts, for tests that must say where a signature went wrong. They hold the
// session token: never log them.
struct Explanation {
    std::string canonical_request;
    std::string string_to_sign;
};

class Signer {
  public:
    // The headers to add to the request: x-amz-date, Authorization, and where they apply
    // x-amz-security-token and x-amz-content-sha256. Should the request hold one of these already,
    // send the returned one in its place. Sign each attempt anew, just before sending.
    std::vector<Field> sign(const Request& request, const Service& service,
                            const Credentials& credentials, TimePoint now,
                            Explanation* explanation = nullptr);

    // The query string (encoded, without '?') that makes the request valid for `expires` (1 s to 7
    // days, the service's limit; other values are clamped) without further headers than those in
    // `request`. A service with content_sha256_header leaves the body open, as S3 defines it:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    std::string presign(const Request& request, const Service& service,
                        const Credentials& credentials, TimePoint now, std::chrono::seconds expires,
                        Explanation* explanation = nullptr);

  private:
    SigningKeyCache keys_;
};

}  // namespace fas::sigv4
