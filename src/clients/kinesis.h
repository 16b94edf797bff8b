// Amazon Kinesis Data Streams: whether a stream is there. How far its readers are behind is told by
// CloudWatch alone.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html
#pragma once

#include <string>

#include "clients/aws_client.h"

namespace fas::clients {

class KinesisClient {
  public:
    explicit KinesisClient(AwsContext& context);

    // The stream's status: "ACTIVE", "CREATING", "DELETING", "UPDATING". AWS allows an account 20
    // calls a second. Errors: not_found (no such stream), invalid "UnusableAnswer", and those of
    // AwsClient::send.
    reactor::Task<Result<std::string>> stream_status(std::string name, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
