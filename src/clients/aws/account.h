// The clients of one account in one region. They share what each learns: connections, clocks, rate
// limits. One thread.
#pragma once

#include <optional>
#include <utility>

#include "clients/aws/client.h"
#include "clients/aws/services/application_auto_scaling.h"
#include "clients/aws/services/auto_scaling.h"
#include "clients/aws/services/cloudwatch.h"
#include "clients/aws/services/dynamodb.h"
#include "clients/aws/services/ecs.h"
#include "clients/aws/services/kinesis.h"
#include "clients/aws/services/lambda.h"
#include "clients/aws/services/mq.h"
#include "clients/aws/services/msk.h"
#include "clients/aws/services/s3.h"
#include "clients/aws/services/service_batches.h"
#include "clients/aws/services/sqs.h"

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
          s3(context) {}
    AwsAccount(const AwsAccount&) = delete;
    AwsAccount& operator=(const AwsAccount&) = delete;

    AwsContext context;
    SqsClient sqs;
    EcsClient ecs;
    ServiceBatches services;
    S3Client s3;
    OnDemand<CloudWatchClient> cloudwatch{context};
    OnDemand<MskClient> msk{context};
    OnDemand<DynamoDbClient> dynamodb{context};
    OnDemand<KinesisClient> kinesis{context};
    OnDemand<AutoScalingClient> auto_scaling{context};
    OnDemand<LambdaClient> lambda{context};
    OnDemand<ApplicationAutoScalingClient> application_auto_scaling{context};
    OnDemand<MqClient> mq{context};
};

}  // namespace fas::clients
