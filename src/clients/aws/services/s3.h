// Amazon S3: small objects, read and conditionally written, in whatever region their bucket is.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "clients/aws/client.h"

namespace fas::clients {

struct S3Object {
    std::string body;
    std::string etag;  // with its quotes, as S3 sent it
};

struct IfAbsent {};
struct IfMatch {
    std::string etag;
};
using WriteCondition = std::variant<IfAbsent, IfMatch>;

// On what terms a bucket is used, where its owner or its policy has some. Empty: whatever holds.
struct S3Terms {
    std::string expected_owner;  // an account: of a bucket of another's, S3 says denied
    std::string encryption;      // of what is written: x-amz-server-side-encryption
    std::string kms_key_id;      // with it
};

class S3Client {
  public:
    static constexpr std::size_t document_bytes_max = std::size_t{16} << 20U;

    // The context must outlive it.
    explicit S3Client(AwsContext& context);

    // Errors: not_found (no such key, or no such bucket: the code says which), invalid
    // "UnusableAnswer" (without an ETag, nothing could be written on condition), and those of
    // AwsClient::send. Without s3:ListBucket, S3 says denied where it means not found.
    reactor::Task<Result<S3Object>> get_object(std::string bucket, std::string key, S3Terms terms,
                                               reactor::Scope scope);

    // The object, unless it still is the one with this ETag: then nothing. An empty ETag asks for
    // it whatever it is. Errors: as above, and invalid "ResponseTooLarge".
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
    reactor::Task<Result<std::optional<S3Object>>> get_object_unless(
        std::string bucket, std::string key, std::string etag, reactor::Scope scope,
        std::size_t object_bytes_max = document_bytes_max);

    // The new ETag. Errors: conflict (the condition did not hold), invalid "UnusableAnswer"
    // (written, but without an ETag), and those of AwsClient::send. After an attempt whose answer
    // was lost, the conflict may be with one's own write. With a checksum, which a bucket with
    // Object Lock asks for:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-put-object
    reactor::Task<Result<std::string>> put_object(std::string bucket, std::string key,
                                                  std::string body, WriteCondition condition,
                                                  S3Terms terms, reactor::Scope scope);

  private:
    // Follows one redirect to another region, and remembers it for the bucket. `request.readable`
    // may say that an answer of 304 is one.
    reactor::Task<Result<reactor::HttpResponse>> send(std::string bucket, AwsRequest request,
                                                      reactor::Scope scope);
    Result<AwsRequest> addressed(AwsRequest request, const std::string& bucket) const;
    const std::string& region_of(const std::string& bucket) const;

    AwsContext& context_;
    AwsClient client_;
    std::map<std::string, std::string> regions_;  // of the buckets that are elsewhere
};

// Where a bucket is found at an endpoint: under a host of its own, or, where it cannot have one,
// under a path.
struct BucketAddress {
    std::string host;
    std::string path;  // percent-encoded, with a slash in front; empty under an own host
};
BucketAddress bucket_address(const Endpoint& s3, std::string_view bucket);

// The region that an answer sends a request on to; nothing when it does not, or names none.
std::optional<std::string> region_of_redirect(const reactor::HttpResponse& response);

}  // namespace fas::clients
