// Amazon Kinesis Data Streams: whether a stream is there. How far its readers are behind is told by
// CloudWatch alone.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html
#pragma once

#include <string>

#include "clients/aws/client.h"

namespace fas::clients {

// The status in what DescribeStreamSummary answered: "ACTIVE", "CREATING", "DELETING", "UPDATING".
// Errors: invalid "UnusableAnswer".
Result<std::string> read_stream_status(const reactor::HttpResponse& response);

class KinesisClient {
  public:
    explicit KinesisClient(AwsContext& context);

    // AWS allows an account 20 calls a second. Errors: not_found (no such stream), those of
    // read_stream_status() and of AwsClient::send.
    reactor::Task<Result<std::string>> stream_status(std::string name, reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
