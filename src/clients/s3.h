// Amazon S3: small objects, read and conditionally written.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
#pragma once

#include <string>
#include <variant>

#include "clients/aws_client.h"

namespace fas::clients {

struct S3Object {
    std::string body;
    std::string etag;  // with its quotes, as S3 sent it
};

struct Always {};
struct IfAbsent {};
struct IfMatch {
    std::string etag;
};
using WriteCondition = std::variant<Always, IfAbsent, IfMatch>;

class S3Client {
  public:
    explicit S3Client(AwsContext& context);

    // Errors: not_found (no such key, or no such bucket: the code says which), and those of
    // AwsClient::send. Without s3:ListBucket, S3 says denied where it means not found.
    reactor::Task<Result<S3Object>> get_object(std::string bucket, std::string key,
                                               reactor::Scope scope);

    // The new ETag. Errors: conflict (the condition did not hold), and those of AwsClient::send.
    // After an attempt whose answer was lost, the conflict may be with one's own write.
    reactor::Task<Result<std::string>> put_object(std::string bucket, std::string key,
                                                  std::string body, WriteCondition condition,
                                                  reactor::Scope scope);

  private:
    AwsRequest request_for(const std::string& bucket, const std::string& key) const;

    AwsClient client_;
};

}  // namespace fas::clients
