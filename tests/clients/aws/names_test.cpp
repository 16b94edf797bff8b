#include "clients/aws/names.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace fas::clients {
namespace {

TEST(AwsNames, Buckets) {
    for (const auto* text : {"abc", "my-bucket", "a.b.c", "1.2.3", "0-0", "1.2.3.4.5", "1.2.3.a"}) {
        EXPECT_TRUE(is_bucket(text)) << text;
    }
    EXPECT_TRUE(is_bucket(std::string(63, 'a')));
    for (const auto* text : {"", "ab", "Abc", "a_b", "-ab", "ab-", ".ab", "ab.", "a..b", "a/b",
                             "192.168.5.4", "a b"}) {
        EXPECT_FALSE(is_bucket(text)) << text;
    }
    EXPECT_FALSE(is_bucket(std::string(64, 'a')));
}

TEST(AwsNames, Regions) {
    for (const auto* text : {"us-east-1", "us-gov-west-1", "eusc-de-east-1", "local"}) {
        EXPECT_TRUE(is_region(text)) << text;
    }
    for (const auto* text : {"", "US-EAST-1", "us east", "us-east-", "-us", "1us", "a.b", "a/b",
                             "us-east-1\n", "evil.example#"}) {
        EXPECT_FALSE(is_region(text)) << text;
    }
    EXPECT_TRUE(is_region(std::string(63, 'a')));
    EXPECT_FALSE(is_region(std::string(64, 'a')));
}

TEST(AwsNames, ClustersAndServicesMayBeNamesOrArns) {
    EXPECT_TRUE(is_cluster("a-B_9"));
    EXPECT_TRUE(is_cluster(std::string(255, 'a')));
    EXPECT_FALSE(is_cluster(std::string(256, 'a')));
    EXPECT_TRUE(is_cluster("arn:aws:ecs:eu-west-1:123456789012:cluster/prod"));
    EXPECT_TRUE(is_cluster("arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/prod"));
    EXPECT_TRUE(is_service("arn:aws:ecs:eu-west-1:123456789012:service/worker"));
    EXPECT_TRUE(is_service("arn:aws:ecs:eu-west-1:123456789012:service/prod/worker"));

    EXPECT_FALSE(is_cluster("arn:aws:ecs:eu-west-1:123456789012:service/prod"));
    EXPECT_FALSE(is_service("arn:aws:ecs:eu-west-1:123456789012:cluster/prod"));
    EXPECT_FALSE(is_service("arn:aws:ecs:eu-west-1:123456789012:service/a/b/c"));
    EXPECT_FALSE(is_service("arn:aws:ecs:eu-west-1:123456789012:service/../b"));
    EXPECT_FALSE(is_cluster("arn:aws:ecs:eu-west-1:123:cluster/prod"));
    EXPECT_FALSE(is_cluster("arn:aws-:ecs:eu-west-1:123456789012:cluster/prod"));
    EXPECT_FALSE(is_cluster("arn:aws:sqs:eu-west-1:123456789012:cluster/prod"));
    EXPECT_FALSE(is_cluster("arn:aws:ecs::123456789012:cluster/prod"));
    EXPECT_FALSE(is_cluster("a/b"));
    EXPECT_FALSE(is_cluster("a b"));
}

TEST(AwsNames, Roles) {
    for (const auto* text : {"arn:aws:iam::123456789012:role/autoscaler",
                             "arn:aws:iam::123456789012:role/a/b/c+=,.@_-",
                             "arn:aws-us-gov:iam::123456789012:role/x"}) {
        EXPECT_TRUE(is_role_arn(text)) << text;
    }
    for (const auto* text :
         {"", "autoscaler", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:user/x",
          "arn:aws:iam::12345678901:role/x", "arn:aws:iam:eu-west-1:123456789012:role/x",
          "arn:aws:sts::123456789012:role/x", "arn:aws:iam::123456789012:role/a b"}) {
        EXPECT_FALSE(is_role_arn(text)) << text;
    }
}

TEST(AwsNames, Queues) {
    for (const auto* text :
         {"https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
          "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs.fifo",
          "http://localhost:4566/000000000000/q", "http://[::1]:80/q", "http://10.0.0.1/q",
          "https://a/b", "jobs", "jobs.fifo", "a_b-1", "arn:aws:sqs:eu-west-1:123456789012:jobs",
          "arn:aws-cn:sqs:cn-north-1:123456789012:jobs.fifo"}) {
        EXPECT_TRUE(is_queue(text)) << text;
    }
    for (const auto* text : {"",
                             "jobs.txt",
                             ".fifo",
                             "arn:aws:sqs:eu-west-1:123456789012:",
                             "arn:aws:sqs:eu-west-1:12345678901:jobs",
                             "arn:aws:sns:eu-west-1:123456789012:jobs",
                             "arn:aws:sqs::123456789012:jobs",
                             "/jobs",
                             "//host/q",
                             "ftp://host/q",
                             "https://",
                             "https:///q",
                             "https://host",
                             "https://host/",
                             "https://u@host/q",
                             "https://u:p@host/q",
                             "https://host/q?a=b",
                             "https://host/q#f",
                             "https://host:/q",
                             "https://host:x/q",
                             "https://host:123456/q",
                             "https://ho st/q",
                             "https://host/q q",
                             "https://host/q\n",
                             "https://[::1/q",
                             "https://[]/q",
                             "http://sqs.eu-west-1.amazonaws.com/1/q",
                             "http://SQS.eu-west-1.AmazonAWS.com/1/q",
                             "http://sqs.eu-west-1.api.aws/1/q",
                             "https://host/\xC3\xA9"}) {
        EXPECT_FALSE(is_queue(text)) << text;
    }
}

// Texts around which the checks turn, and each of them with one character taken out, put in or
// replaced.
std::vector<std::string> neighbourhood() {
    const std::vector<std::string> seeds = {
        "",
        "abc",
        "my-bucket.1",
        "192.168.5.4",
        "us-east-1",
        "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/prod_1",
        "arn:aws:ecs:eu-west-1:123456789012:service/prod/worker",
        "arn:aws-cn:iam::123456789012:role/team/scaler",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs.fifo",
        "http://sqs.eu-west-1.amazonaws.com/1/q",
        "http://localhost:4566/0/q",
        "http://[::1]:80/q"};
    std::vector<std::string> texts = seeds;
    for (const auto& seed : seeds) {
        for (std::size_t i = 0; i <= seed.size(); ++i) {
            for (const char c : std::string("aZ0-_./:@?#[] \n\xC3")) {
                texts.push_back(seed.substr(0, i) + c + seed.substr(i));
                if (i < seed.size()) texts.push_back(seed.substr(0, i) + c + seed.substr(i + 1));
            }
            if (i < seed.size()) texts.push_back(seed.substr(0, i) + seed.substr(i + 1));
        }
    }
    for (const std::size_t limit : {3U, 63U, 128U, 255U}) {
        for (const std::size_t length : {limit - 1, limit, limit + 1}) {
            texts.push_back(std::string(length, 'a'));
        }
    }
    return texts;
}

struct Check {
    std::string_view name;
    std::string_view pattern;
    bool (*accepts)(std::string_view text);
};

TEST(AwsNames, EachCheckAcceptsWhatItsPatternMatches) {
    const std::vector<Check> checks = {
        {"bucket", bucket_pattern, is_bucket},    {"region", region_pattern, is_region},
        {"cluster", cluster_pattern, is_cluster}, {"service", service_pattern, is_service},
        {"role", role_arn_pattern, is_role_arn},  {"queue", queue_pattern, is_queue}};
    const auto texts = neighbourhood();
    for (const auto& check : checks) {
        const std::regex pattern(check.pattern.begin(), check.pattern.end());
        int accepted = 0;
        for (const auto& text : texts) {
            const bool accepts = check.accepts(text);
            accepted += accepts ? 1 : 0;
            ASSERT_EQ(accepts, std::regex_match(text, pattern)) << check.name << ": " << text;
        }
        EXPECT_GT(accepted, 0) << check.name;
    }
}

}  // namespace
}  // namespace fas::clients
