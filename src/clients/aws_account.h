// The clients of one account in one region. They share what each learns: connections, clocks, rate
// limits. One thread.
#pragma once

#include <optional>
#include <utility>

#include "clients/application_auto_scaling.h"
#include "clients/auto_scaling.h"
#include "clients/aws_client.h"
#include "clients/cloudwatch.h"
#include "clients/dynamodb.h"
#include "clients/ecs.h"
#include "clients/lambda.h"
#include "clients/redis.h"
#include "clients/s3.h"
#include "clients/service_batches.h"
#include "clients/sqs.h"

namespace fas::clients {

// A client that is made when it is first asked for: most accounts need few of them.
template <class Client>
class OnDemand {
  public:
    explicit OnDemand(AwsContext& context) : context_(context) {}

    Client& get() {
        if (!client_) client_.emplace(context_);
        return *client_;
    }

  private:
    AwsContext& context_;
    std::optional<Client> client_;
};

struct AwsAccount {
    explicit AwsAccount(AwsContext its_context)
        : context(std::move(its_context)),
          sqs(context),
          ecs(context),
          services(ecs, context.reactor),
          s3(context),
          redis(context.reactor, context.http) {}
    AwsAccount(const AwsAccount&) = delete;
    AwsAccount& operator=(const AwsAccount&) = delete;

    AwsContext context;
    SqsClient sqs;
    EcsClient ecs;
    ServiceBatches services;
    S3Client s3;
    OnDemand<AutoScalingClient> auto_scaling{context};
    OnDemand<LambdaClient> lambda{context};
    OnDemand<ApplicationAutoScalingClient> application_auto_scaling{context};
    RedisServers redis;
    OnDemand<CloudWatchClient> cloudwatch{context};
    OnDemand<DynamoDbClient> dynamodb{context};
};

}  // namespace fas::clients
