// How the autoscaler says who it is to a cluster that asks IAM.
#pragma once

#include "clients/aws/client.h"
#include "clients/brokers/kafka.h"

namespace fas::adapters {

// Tokens made of the account's keys, each anew long before it expires. What the context refers to
// must outlive them. Errors: those of the credentials.
clients::KafkaTokens iam_tokens(const clients::AwsContext& aws);

}  // namespace fas::adapters
