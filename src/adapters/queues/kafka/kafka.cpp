// The backlog of a Kafka consumer group: asked for in Kafka's own protocol (group.h), or of
// CloudWatch, where Amazon MSK keeps it (metric.h).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kafka/metric.h"
#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/server_options.h"
#include "base/ascii.h"
#include "base/plain_text.h"
#include "clients/aws/services/msk.h"
#ifdef FAS_KAFKA
#include "adapters/queues/kafka/group.h"
#endif

namespace fas::adapters {

namespace {

#ifdef FAS_KAFKA
constexpr bool has_protocol = true;
#else
constexpr bool has_protocol = false;
#endif

constexpr std::array<std::string_view, 2> ways{"protocol", "cloudwatch"};
constexpr std::array<std::string_view, 4> protocols{"PLAINTEXT", "SSL", "SASL_PLAINTEXT",
                                                    "SASL_SSL"};
constexpr std::array<std::string_view, 4> mechanisms{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512",
                                                     "AWS_MSK_IAM"};
constexpr std::array<std::string_view, 2> resets{"latest", "earliest"};

bool is_topic(std::string_view text) {
    return !text.empty() && text.size() <= 249 && is_alphanumeric_or("._-", text);
}

bool is_group(std::string_view text) { return is_printable_ascii(text, 255); }

// "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/uuid": what follows the first slash.
bool is_cluster_arn(std::string_view text) {
    if (!text.starts_with("arn:aws") || !is_printable_ascii(text, 1024)) return false;
    const auto service = text.find(":kafka:");
    const auto cluster = text.find(":cluster/");
    if (service == std::string_view::npos || cluster == std::string_view::npos) return false;
    const std::string_view name = text.substr(cluster + 9);
    const auto slash = name.find('/');
    return service < cluster && slash != std::string_view::npos && slash > 0 &&
           slash + 1 < name.size() && text.find(' ') == std::string_view::npos;
}

constexpr std::array kafka_options{
    Option{.key = "via",
           .variable = "KAFKA_VIA",
           .description = "Whom to ask for the lag: the cluster, in Kafka's protocol, or "
                          "CloudWatch, where Amazon MSK keeps it.",
           .type = ChoiceType{.names = ways},
           .default_value = "protocol"},
    Option{.key = "consumer_group",
           .variable = "KAFKA_CONSUMER_GROUP",
           .description = "The consumer group whose lag counts.",
           .type = TextType{.accepted = "the name of a consumer group (1 to 255 characters)",
                            .pattern = "^[ -~]{1,255}$",
                            .valid = is_group},
           .required = true,
           .by_tag = true},
    Option{.key = "topic",
           .variable = "KAFKA_TOPIC",
           .description = "The topic; without it, all topics that the group has committed for.",
           .type = TextType{.accepted = "the name of a topic (letters, digits, ., _ and -, at most "
                                        "249)",
                            .pattern = "^[A-Za-z0-9._-]{1,249}$",
                            .valid = is_topic},
           .by_tag = true},
    Option{.key = "bootstrap_servers",
           .variable = "KAFKA_BOOTSTRAP_SERVERS",
           .description = "Where the cluster is: host:port, or several with commas between them.",
           .type = TextType{.accepted = "host:port, or several with commas between them",
                            .pattern = clients::server_list_pattern,
                            .valid = clients::is_server_list}},
    Option{.key = "msk_cluster_arn",
           .variable = "MSK_CLUSTER_ARN",
           .description = "The cluster in Amazon MSK: gives the servers where bootstrap_servers "
                          "does not, and names the cluster to CloudWatch.",
           .type = TextType{.accepted = "the ARN of an MSK cluster",
                            .pattern = "^(?=[!-~]{1,1024}$)arn:aws.*:kafka:.*?:cluster/[^/]+/.+$",
                            .valid = is_cluster_arn}},
    Option{.key = "security_protocol",
           .variable = "KAFKA_SECURITY_PROTOCOL",
           .description = "How the brokers are spoken to. Without it SASL_SSL where sasl_mechanism "
                          "is given, else PLAINTEXT.",
           .type = ChoiceType{.names = protocols}},
    Option{.key = "sasl_mechanism",
           .variable = "KAFKA_SASL_MECHANISM",
           .description = "How the autoscaler says who it is; AWS_MSK_IAM with its own AWS "
                          "credentials.",
           .type = ChoiceType{.names = mechanisms}},
    Option{.key = "username",
           .variable = "KAFKA_USERNAME",
           .description = "For PLAIN and SCRAM.",
           .type = plain_text},
    password_option("KAFKA_PASSWORD", "For PLAIN and SCRAM."),
    ca_file_option("KAFKA_CA_FILE"),
    Option{.key = "offset_reset",
           .variable = "KAFKA_OFFSET_RESET",
           .description = "The consumers' auto.offset.reset: where they begin in a partition that "
                          "the group has committed nothing for. With earliest all of it counts.",
           .type = ChoiceType{.names = resets},
           .default_value = "latest"},
    Option{.key = "lag_without_commit",
           .variable = "KAFKA_LAG_WITHOUT_COMMIT",
           .description = "What such a partition counts with latest: 1 brings up a task that "
                          "commits, 0 does not.",
           .type = IntegerType{.min = 0, .max = 1},
           .default_value = std::int64_t{1}},
    Option{.key = "exclude_persistent_lag",
           .variable = "KAFKA_EXCLUDE_PERSISTENT_LAG",
           .description =
               "Whether to leave out a partition whose lag does not move, such as one "
               "behind a message that no consumer can process; a daemon alone can see it.",
           .type = BooleanType{},
           .default_value = false},
    Option{.key = "persistent_lag_seconds",
           .variable = "KAFKA_PERSISTENT_LAG_SECONDS",
           .description = "How long a committed offset must have stood still for that.",
           .type = IntegerType{.min = 1, .max = 86'400},
           .default_value = std::int64_t{600}},
};

std::string name_of_group(const Options& given) {
    const std::string topic = given.text("topic");
    const std::string servers = given.text("bootstrap_servers");
    const bool by_arn = servers.empty() || given.text("via") == "cloudwatch";
    return fmt::format("Kafka group {} of {} at {}", given.text("consumer_group"),
                       topic.empty() ? std::string("all its topics") : "topic " + topic,
                       by_arn ? given.text("msk_cluster_arn") : servers);
}

std::string security_protocol(const Options& given) {
    if (given.given("security_protocol")) return given.text("security_protocol");
    return given.given("sasl_mechanism") ? "SASL_SSL" : "PLAINTEXT";
}

std::optional<OptionProblem> metric_problem(const Options& given) {
    if (!given.given("msk_cluster_arn")) {
        return OptionProblem{"msk_cluster_arn",
                             "CloudWatch has the lag of MSK clusters only: set msk_cluster_arn, "
                             "or via to protocol"};
    }
    if (!given.given("topic")) {
        return OptionProblem{"topic", "CloudWatch has the lag by topic: set topic"};
    }
    return std::nullopt;
}

std::optional<OptionProblem> sasl_problem(const Options& given) {
    const std::string protocol = security_protocol(given);
    const std::string mechanism = given.text("sasl_mechanism");
    const bool with_sasl = protocol.starts_with("SASL_");
    if (with_sasl != !mechanism.empty()) {
        return OptionProblem{"security_protocol",
                             fmt::format("{} {} sasl_mechanism: change one of the two", protocol,
                                         with_sasl ? "needs a" : "takes no")};
    }
    if (mechanism == "AWS_MSK_IAM" && protocol != "SASL_SSL") {
        return OptionProblem{"security_protocol", "AWS_MSK_IAM works only over SASL_SSL"};
    }
    const bool by_password = !mechanism.empty() && mechanism != "AWS_MSK_IAM";
    for (const std::string_view key : {"username", "password"}) {
        if (given.given(key) == by_password) continue;
        return OptionProblem{
            key, by_password ? fmt::format("{} needs a {}: set it", mechanism, key)
                             : fmt::format("a {} is for PLAIN and SCRAM: set sasl_mechanism to one "
                                           "of them, or drop it",
                                           key)};
    }
    if (given.given("ca_file") && !protocol.ends_with("SSL")) {
        return OptionProblem{"ca_file", fmt::format("{} has no certificates: drop ca_file, or set "
                                                    "security_protocol to SSL or SASL_SSL",
                                                    protocol)};
    }
    return std::nullopt;
}

std::optional<OptionProblem> kafka_problem(const Options& given, std::string_view) {
    if (given.text("via") == "cloudwatch") return metric_problem(given);
    if (!has_protocol) {
        return OptionProblem{"via",
                             "this build is without librdkafka, which speaks Kafka's protocol: use "
                             "one built with it (make package KAFKA=1), or, with Amazon MSK, set "
                             "via to cloudwatch"};
    }
    if (!given.given("bootstrap_servers") && !given.given("msk_cluster_arn")) {
        return OptionProblem{"bootstrap_servers",
                             "nothing says where the cluster is: set bootstrap_servers or "
                             "msk_cluster_arn"};
    }
    return sasl_problem(given);
}

// Of a valid ARN.
std::string cluster_name(const std::string& arn) {
    const auto begin = arn.find(":cluster/") + 9;
    return arn.substr(begin, arn.find('/', begin) - begin);
}

#ifdef FAS_KAFKA
std::unique_ptr<QueueSource> kafka_group_source(const Options& given, QueueContext context) {
    KafkaGroup what;
    what.name = name_of_group(given);
    what.group = given.text("consumer_group");
    what.topic = given.text("topic");
    what.msk_cluster_arn = given.text("msk_cluster_arn");
    what.connection.bootstrap_servers = given.text("bootstrap_servers");
    what.connection.security_protocol = security_protocol(given);
    what.connection.sasl_mechanism = given.text("sasl_mechanism");
    what.connection.username = given.text("username");
    what.connection.password = Secret(given.text("password"));
    what.connection.ca_file = given.text("ca_file");
    what.rules.from_earliest = given.text("offset_reset") == "earliest";
    what.rules.without_commit = given.integer("lag_without_commit");
    if (given.flag("exclude_persistent_lag")) {
        what.rules.persistent_after = std::chrono::seconds(given.integer("persistent_lag_seconds"));
    }
    return std::make_unique<KafkaGroupSource>(context, std::move(what));
}
#endif

std::unique_ptr<QueueSource> kafka_source(const Options& given, QueueContext context) {
#ifdef FAS_KAFKA
    if (given.text("via") == "protocol") return kafka_group_source(given, context);
#endif
    KafkaMetric what;
    what.name = name_of_group(given);
    what.cluster = cluster_name(given.text("msk_cluster_arn"));
    what.group = given.text("consumer_group");
    what.topic = given.text("topic");
    return std::make_unique<KafkaMetricSource>(context.account.cloudwatch.get(), std::move(what));
}

}  // namespace

const QueueKind queues::kafka = {.name = "kafka",
                                 .options = kafka_options,
                                 .name_of = name_of_group,
                                 .problem = kafka_problem,
                                 .make = kafka_source};

}  // namespace fas::adapters
