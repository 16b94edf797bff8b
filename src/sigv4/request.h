// What gets signed: a request as the caller will send it, and what its service expects of it.
#pragma once

#include <span>
#include <string>
#include <string_view>

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

}  // namespace fas::sigv4
