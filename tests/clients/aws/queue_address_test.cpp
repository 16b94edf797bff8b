#include "clients/aws/queue_address.h"

#include <gtest/gtest.h>

namespace fas::clients {
namespace {

std::string asked_at(std::string_view url) {
    const QueueAddress address = queue_address(url);
    EXPECT_EQ(address.url, url);
    return address.host.empty() ? "" : address.scheme + "://" + address.host;
}

TEST(QueueAddress, ARegionsCommonHostAndItsOlderNamesAreTheRegionsEndpoint) {
    for (const auto& [url, region] :
         {std::pair{"https://sqs.eu-west-1.amazonaws.com/1/q", "eu-west-1"},
          std::pair{"https://SQS.EU-West-1.amazonaws.com:443/1/q", "eu-west-1"},
          std::pair{"https://sqs.cn-north-1.amazonaws.com.cn/1/q", "cn-north-1"},
          std::pair{"https://us-east-2.queue.amazonaws.com/1/q", "us-east-2"},
          std::pair{"https://cn-north-1.queue.amazonaws.com.cn/1/q", "cn-north-1"},
          std::pair{"https://queue.amazonaws.com/1/q", "us-east-1"}}) {
        EXPECT_EQ(queue_address(url).region, region) << url;
        EXPECT_EQ(asked_at(url), "") << url;
    }
}

TEST(QueueAddress, OtherHostsOfAwsAreAskedThemselves) {
    for (const auto& [host, region] :
         {std::pair{"sqs.us-east-2.api.aws", "us-east-2"},
          std::pair{"sqs-fips.us-east-2.amazonaws.com", "us-east-2"},
          std::pair{"sqs-fips.us-gov-west-1.api.aws", "us-gov-west-1"},
          std::pair{"vpce-0123-abc.sqs.us-east-2.vpce.amazonaws.com", "us-east-2"},
          std::pair{"vpce-0123-abc-us-east-2a.sqs.us-east-2.vpce.amazonaws.com", "us-east-2"},
          std::pair{"vpce-1.sqs.cn-north-1.vpce.amazonaws.com.cn", "cn-north-1"},
          std::pair{"sqs.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"}}) {
        const std::string url = std::string{"https://"} + host + "/123456789012/orders";
        EXPECT_EQ(queue_address(url).region, region) << host;
        EXPECT_EQ(asked_at(url), std::string{"https://"} + host);
    }
}

TEST(QueueAddress, SomebodyElsesServerIsAskedItselfAndNamesNoRegion) {
    for (const char* host : {"queue.example", "localhost:4566", "[::1]:9324",
                             "sqs.eu-west-1.amazonaws.com.evil.example", "x.queue.example",
                             "s3.eu-west-1.amazonaws.com", "sqs.eu-west-1.example.amazonaws.com"}) {
        const std::string url = std::string{"http://"} + host + "/sqs.eu-west-1.amazonaws.com/q";
        EXPECT_EQ(queue_address(url).region, "") << host;
        EXPECT_EQ(asked_at(url), std::string{"http://"} + host);
    }
}

TEST(QueueAddress, ANameAndAnArnHaveNoUrlYet) {
    const QueueAddress named = queue_address("orders.fifo");
    EXPECT_EQ(named.name, "orders.fifo");
    EXPECT_EQ(named.url + named.account + named.region + named.host, "");
    const QueueAddress arn = queue_address("arn:aws-cn:sqs:cn-north-1:123456789012:orders");
    EXPECT_EQ(arn.name, "orders");
    EXPECT_EQ(arn.account, "123456789012");
    EXPECT_EQ(arn.region, "cn-north-1");
    EXPECT_EQ(arn.url, "");
}

}  // namespace
}  // namespace fas::clients
