// Sends the requests asked for on stdin, one JSON object a line, with the program's own clients to
// whatever endpoint the environment names: what requests_against_botocore_test.py records. Each
// line is answered, on stdout, with how that ended.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "clients/aws/credentials/sso.h"
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
#include "clients/aws/services/sqs.h"
#include "clients/aws/services/ssm.h"
#include "clients/aws/services/sts.h"
#include "json/reader.h"

namespace {

using namespace fas;
using namespace fas::clients;

class FixedKeys final : public CredentialsProvider {
  public:
    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope) override {
        co_return sigv4::Credentials{"AKIDEXAMPLE", Secret{"secret"}, Secret{"token/+="}};
    }
    void refused(const sigv4::Credentials&) override {}
};

class Sender {
  public:
    explicit Sender(AwsSettings settings) : settings_(std::move(settings)) {}

    std::string send(const json::Value& asked) {
        const std::string operation = text(asked, "operation");
        if (operation == "GetQueueAttributes") return outcome(get_queue_attributes(asked));
        if (operation == "GetQueueUrl") return outcome(get_queue_url(asked));
        if (operation == "DescribeServices") return outcome(describe_services(asked));
        if (operation == "ListClusters") return outcome(list_clusters());
        if (operation == "ListServices") return outcome(list_services(asked));
        if (operation == "ListTasks") return outcome(protected_tasks(asked));
        if (operation == "GetTaskProtection") return outcome(protected_among(asked));
        if (operation == "UpdateService") return outcome(update_service(asked));
        if (operation == "DescribeAutoScalingGroups") return outcome(describe_group(asked));
        if (operation == "DescribeInstanceRefreshes") return outcome(describe_refreshes(asked));
        if (operation == "DescribePolicies") return outcome(describe_policies(asked));
        if (operation == "SetDesiredCapacity") return outcome(set_desired_capacity(asked));
        if (operation == "GetProvisionedConcurrencyConfig") return outcome(get_provisioned(asked));
        if (operation.ends_with("ProvisionedConcurrencyConfig")) return outcome(provision(asked));
        if (operation == "DescribeScalableTargets") return outcome(describe_scalable(asked));
        if (operation == "DescribeScalingPolicies") return outcome(scaling_policies(asked));
        if (operation == "RegisterScalableTarget") return outcome(register_scalable(asked));
        if (operation == "GetParameter") return outcome(get_parameter(asked));
        if (operation == "DescribeBroker") return outcome(describe_broker(asked));
        if (operation == "GetObject" && asked.find("unless")) {
            return outcome(get_object_unless(asked));
        }
        if (operation == "GetObject") return outcome(get_object(asked));
        if (operation == "PutObject") return outcome(put_object(asked));
        if (operation == "GetItem") return outcome(get_item(asked));
        if (operation == "UpdateItem") return outcome(update_item(asked));
        if (operation == "AssumeRole") return outcome(assume_role(asked));
        if (operation == "AssumeRoleWithWebIdentity") return outcome(with_web_identity(asked));
        if (operation == "GetRoleCredentials") return outcome(get_role_credentials(asked));
        if (operation == "GetMetricData") return outcome(get_metric_data(asked));
        if (operation == "DescribeStreamSummary") return outcome(stream_status(asked));
        if (operation == "GetBootstrapBrokers") return outcome(get_bootstrap_brokers(asked));
        return "unknown operation " + operation;
    }

  private:
    static std::string text(const json::Value& asked, std::string_view name) {
        const auto member = asked.find(name);
        return std::string{member ? member->as_string().value_or("") : ""};
    }

    static std::vector<std::string> texts(const json::Value& asked, std::string_view name) {
        std::vector<std::string> all;
        const auto member = asked.find(name);
        if (!member) return all;
        for (const json::Value& item : member->items()) {
            all.emplace_back(item.as_string().value_or(""));
        }
        return all;
    }

    static std::int64_t number(const json::Value& asked, std::string_view name) {
        const auto member = asked.find(name);
        return member ? member->as_int().value_or(0) : 0;
    }

    template <class T>
    static std::string outcome(const Result<T>& result) {
        return result ? "done" : describe(result.error());
    }

    static WriteCondition condition(const json::Value& asked) {
        if (const std::string etag = text(asked, "if_match"); !etag.empty()) return IfMatch{etag};
        return IfAbsent{};
    }

    static S3Terms terms(const json::Value& asked) {
        return {text(asked, "owner"), text(asked, "encryption"), text(asked, "kms_key_id")};
    }

    static RoleRequest role(const json::Value& asked) {
        return {text(asked, "role_arn"), text(asked, "session_name"), text(asked, "external_id"),
                std::chrono::seconds{number(asked, "duration_s")}};
    }

    Result<QueueCounts> get_queue_attributes(const json::Value& asked) {
        SqsClient client(context_);
        return reactor_.run(client.queue_counts(queue_address(text(asked, "queue_url")),
                                                Delayed::leave_out, scope()));
    }

    Result<std::string> get_queue_url(const json::Value& asked) {
        SqsClient client(context_);
        return reactor_.run(client.queue_url(queue_address(text(asked, "queue")), scope()));
    }

    Result<std::vector<Result<EcsService>>> describe_services(const json::Value& asked) {
        EcsClient client(context_);
        return reactor_.run(
            client.describe_services(text(asked, "cluster"), texts(asked, "services"), scope()));
    }

    Result<std::vector<std::string>> list_clusters() {
        EcsClient client(context_);
        return reactor_.run(client.list_clusters(scope()));
    }

    Result<std::vector<std::string>> list_services(const json::Value& asked) {
        EcsClient client(context_);
        return reactor_.run(client.list_services(text(asked, "cluster"), scope()));
    }

    Result<Tasks> protected_tasks(const json::Value& asked) {
        EcsClient client(context_);
        return reactor_.run(
            client.protected_tasks(text(asked, "cluster"), text(asked, "service"), scope()));
    }

    Result<Tasks> protected_among(const json::Value& asked) {
        EcsClient client(context_);
        return reactor_.run(
            client.protected_among(text(asked, "cluster"), texts(asked, "tasks"), scope()));
    }

    Result<std::string> update_service(const json::Value& asked) {
        EcsClient client(context_);
        return reactor_.run(client.update_desired_count(text(asked, "cluster"),
                                                        text(asked, "service"),
                                                        Tasks{number(asked, "count")}, scope()));
    }

    Result<AutoScalingGroup> describe_group(const json::Value& asked) {
        AutoScalingClient client(context_);
        return reactor_.run(client.group(text(asked, "group"), scope()));
    }

    Result<bool> describe_refreshes(const json::Value& asked) {
        AutoScalingClient client(context_);
        return reactor_.run(client.refreshing(text(asked, "group"), scope()));
    }

    Result<std::vector<std::string>> describe_policies(const json::Value& asked) {
        AutoScalingClient client(context_);
        return reactor_.run(client.policies(text(asked, "group"), scope()));
    }

    Result<std::string> set_desired_capacity(const json::Value& asked) {
        AutoScalingClient client(context_);
        return reactor_.run(client.set_desired_capacity(text(asked, "group"),
                                                        Tasks{number(asked, "count")}, scope()));
    }

    Result<std::optional<ProvisionedConcurrency>> get_provisioned(const json::Value& asked) {
        LambdaClient client(context_);
        return reactor_.run(client.provisioned_concurrency(text(asked, "function"),
                                                           text(asked, "qualifier"), scope()));
    }

    // A put, or for a count of 0 a delete.
    Result<std::string> provision(const json::Value& asked) {
        LambdaClient client(context_);
        return reactor_.run(
            client.set_provisioned_concurrency(text(asked, "function"), text(asked, "qualifier"),
                                               Tasks{number(asked, "count")}, scope()));
    }

    static ScalableTargetId scalable(const json::Value& asked) {
        return {text(asked, "namespace"), text(asked, "resource"), text(asked, "dimension")};
    }

    Result<std::vector<RegisteredTarget>> describe_scalable(const json::Value& asked) {
        ApplicationAutoScalingClient client(context_);
        const ScalableTargetId id = scalable(asked);
        return reactor_.run(client.registered(id.service_namespace, id.dimension,
                                              texts(asked, "resources"), scope()));
    }

    Result<std::vector<std::string>> scaling_policies(const json::Value& asked) {
        ApplicationAutoScalingClient client(context_);
        return reactor_.run(client.policies(scalable(asked), scope()));
    }

    Result<std::string> register_scalable(const json::Value& asked) {
        ApplicationAutoScalingClient client(context_);
        std::optional<Tasks> max;
        if (asked.find("max")) max = Tasks{number(asked, "max")};
        return reactor_.run(
            client.set_bounds(scalable(asked), Tasks{number(asked, "min")}, max, scope()));
    }

    Result<S3Object> get_object(const json::Value& asked) {
        S3Client client(context_);
        return reactor_.run(
            client.get_object(text(asked, "bucket"), text(asked, "key"), terms(asked), scope()));
    }

    Result<std::optional<S3Object>> get_object_unless(const json::Value& asked) {
        S3Client client(context_);
        return reactor_.run(client.get_object_unless(text(asked, "bucket"), text(asked, "key"),
                                                     text(asked, "unless"), scope()));
    }

    Result<SsmParameter> get_parameter(const json::Value& asked) {
        SsmClient client(context_);
        return reactor_.run(client.parameter(text(asked, "name"), scope()));
    }

    Result<MqBroker> describe_broker(const json::Value& asked) {
        MqClient client(context_);
        return reactor_.run(client.describe_broker(text(asked, "broker_id"), scope()));
    }

    Result<std::string> put_object(const json::Value& asked) {
        S3Client client(context_);
        return reactor_.run(client.put_object(text(asked, "bucket"), text(asked, "key"),
                                              text(asked, "body"), condition(asked), terms(asked),
                                              scope()));
    }

    static DynamoAttribute dynamo_key(const json::Value& asked) {
        return {"target", DynamoType::text, text(asked, "target")};
    }

    Result<std::optional<DynamoItem>> get_item(const json::Value& asked) {
        DynamoDbClient client(context_);
        return reactor_.run(client.get_item(text(asked, "table"), dynamo_key(asked), scope()));
    }

    // Sets a text and a number, removes an attribute, and expects a writer or that there is none.
    Result<DynamoWrite> update_item(const json::Value& asked) {
        DynamoUpdate update;
        update.key = dynamo_key(asked);
        update.set = {{"at", DynamoType::text, text(asked, "at")},
                      {"desired", DynamoType::number, text(asked, "desired")}};
        update.remove = {"messages"};
        update.guard = "writer";
        if (asked.find("writer")) update.guard_text = text(asked, "writer");
        DynamoDbClient client(context_);
        return reactor_.run(client.update_item(text(asked, "table"), std::move(update), scope()));
    }

    Result<FetchedCredentials> assume_role(const json::Value& asked) {
        StsClient client(context_);
        return reactor_.run(client.assume_role(role(asked), scope()));
    }

    Result<FetchedCredentials> with_web_identity(const json::Value& asked) {
        StsClient client(context_);
        return reactor_.run(client.assume_role_with_web_identity(
            role(asked), Secret{text(asked, "token")}, scope()));
    }

    Result<std::string> stream_status(const json::Value& asked) {
        KinesisClient client(context_);
        return reactor_.run(client.stream_status(text(asked, "name"), scope()));
    }

    // A metric, and an expression over it, in the hour of `end`.
    Result<MetricData> get_metric_data(const json::Value& asked) {
        MetricQuery metric{.id = "m1",
                           .metric = {text(asked, "namespace"), text(asked, "metric"), {}},
                           .statistic = text(asked, "statistic"),
                           .wanted = false};
        for (const std::string& value : texts(asked, "values")) {
            metric.metric.dimensions.push_back({"Name", value});
        }
        const MetricQuery expression{.id = "e1",
                                     .expression = text(asked, "expression"),
                                     .period = std::chrono::seconds{number(asked, "period")}};
        const TimePoint end{std::chrono::seconds{number(asked, "end")}};
        const MetricWindow window{end - std::chrono::hours{1}, end};
        CloudWatchClient client(context_);
        return reactor_.run(client.metric_data({metric, expression}, window, scope()));
    }

    // The token comes from the file that `aws sso login` leaves under HOME.
    Result<FetchedCredentials> get_role_credentials(const json::Value& asked) {
        const ConfigValues profile{{"sso_start_url", text(asked, "start_url")},
                                   {"sso_region", context_.region},
                                   {"sso_account_id", text(asked, "account_id")},
                                   {"sso_role_name", text(asked, "role_name")}};
        const CredentialsParts parts{reactor_, http_, clock_, log_, settings_, context_.region};
        const auto source = sso_source(parts, SharedConfig{}, "wire", profile);
        if (!source) return source.error();
        return reactor_.run((*source)->fetch(scope()));
    }

    Result<std::string> get_bootstrap_brokers(const json::Value& asked) {
        MskClient client(context_);
        return reactor_.run(
            client.bootstrap_brokers(text(asked, "cluster_arn"), MskAccess::iam, scope()));
    }

    static reactor::Scope scope() { return reactor::Scope{}.within(std::chrono::seconds{60}); }

    AwsSettings settings_;
    reactor::Reactor reactor_;
    reactor::HttpClient http_{reactor_, reactor::HttpClientOptions{}};
    FixedKeys keys_;
    SystemClock clock_;
    Logger log_{LogLevel::error};
    AwsContext context_{reactor_, http_, keys_, clock_, log_, settings_, "eu-west-1"};
};

}  // namespace

int main() {
    auto settings = AwsSettings::make(process_environment(), SharedConfig{});
    if (!settings) {
        std::fprintf(stderr, "send_requests: %s\n", settings.error().message.c_str());
        return 1;
    }
    Sender sender(std::move(*settings));
    for (std::string line; std::getline(std::cin, line);) {
        const auto document = json::parse(line, {.bytes_max = std::size_t{1} << 20U});
        if (!document) {
            std::fprintf(stderr, "send_requests: %s\n", document.error().message.c_str());
            return 1;
        }
        std::cout << sender.send(document->root()) << '\n';
    }
    return 0;
}
