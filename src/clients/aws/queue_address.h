// Where a queue of SQS is, by what the user calls it: its URL, its ARN or its name.
// https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fas::clients {

struct QueueAddress {
    std::string url;  // empty: GetQueueUrl says it

    // Of a queue without a URL.
    std::string name;
    std::string account;  // empty: the caller's

    std::string region;  // empty: it does not say

    // Where to ask, "https" and "vpce-1.sqs.eu-west-1.vpce.amazonaws.com", where that is not the
    // region's common endpoint: a VPC's, a FIPS or a dual-stack host, or somebody else's server.
    std::string scheme;
    std::string host;
};

// Of a text that is_queue() accepts.
QueueAddress queue_address(std::string_view text);

}  // namespace fas::clients
