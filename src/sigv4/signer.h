// AWS Signature Version 4: proves to an AWS service who sent a request and that nobody changed it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
//
// Pure: no clock, no environment, no I/O. A Signer caches signing keys and is used by one thread.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sigv4/credentials.h"
#include "sigv4/signing_key.h"

namespace fas::sigv4 {

// A header or a query parameter.
struct Field {
    std::string name;
    std::string value;
};

// How the canonical request encodes the path. Every service but S3 encodes the wire path a second
// time, after removing dot segments and empty ones; S3 takes the wire path as it is.
enum class PathEncoding { normalize_and_encode_again, as_sent };

struct Service {
    std::string name;    // the signing name: "sqs", "ecs", "s3"
    std::string region;  // "eu-west-1"
    PathEncoding path_encoding = PathEncoding::normalize_and_encode_again;
    bool content_sha256_header = false;  // S3 demands x-amz-content-sha256
};

// A request as it will be sent, less what signing adds.
struct Request {
    std::string_view method;
    std::string_view path;           // percent-encoded, as on the wire; empty means "/"
    std::span<const Field> query;    // not encoded; repeated names are allowed
    std::span<const Field> headers;  // must hold Host; all of them are signed but those that
                                     // proxies change (user-agent, connection, x-amzn-trace-id ...)
    std::string_view body;
};

// The intermediate texts, for tests that must say where a signature went wrong.
struct Explanation {
    std::string canonical_request;
    std::string string_to_sign;
};

class Signer {
  public:
    // The headers to add to the request: x-amz-date, authorization, and where they apply
    // x-amz-security-token and x-amz-content-sha256. Sign each attempt anew, just before sending.
    std::vector<Field> sign(const Request& request, const Service& service,
                            const Credentials& credentials, TimePoint now,
                            Explanation* explanation = nullptr);

    // The query string (encoded, without '?') that makes the request valid for `expires` (1 s to 7
    // days, the service's limit) without further headers than those in `request`.
    std::string presign(const Request& request, const Service& service,
                        const Credentials& credentials, TimePoint now, std::chrono::seconds expires,
                        Explanation* explanation = nullptr);

  private:
    SigningKeyCache keys_;
};

}  // namespace fas::sigv4
