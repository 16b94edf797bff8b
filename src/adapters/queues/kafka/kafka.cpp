// The backlog of a Kafka consumer group: asked for in Kafka's own protocol (group.h), or of
// CloudWatch, where Amazon MSK keeps it (metric.h).
#include "clients/brokers/kafka.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/queues/kafka/metric.h"
#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/server_rows.h"
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

constexpr std::array<Name, 2> ways{"protocol", "cloudwatch"};
constexpr std::array<Name, 4> protocols{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"};
constexpr std::array<Name, 4> mechanisms{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "AWS_MSK_IAM"};
constexpr std::array<Name, 2> resets{"latest", "earliest"};

// In whatever script: Kafka takes any.
bool is_group_name(std::string_view text) {
    const auto begins_character = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    };
    return !text.empty() && std::ranges::count_if(text, begins_character) <= 255 &&
           !text.contains('\0');
}

// "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/uuid": what follows the first slash.
bool is_cluster_arn(std::string_view text) {
    if (!text.starts_with("arn:aws") || !Grammar{"!-~", 1, 1024}.accepts(text)) return false;
    const auto service = text.find(":kafka:");
    const auto cluster = text.find(":cluster/");
    if (service == std::string_view::npos || cluster == std::string_view::npos) return false;
    const std::string_view name = text.substr(cluster + 9);
    const auto slash = name.find('/');
    return service < cluster && slash != std::string_view::npos && slash > 0 &&
           slash + 1 < name.size();
}

struct KafkaOptions {
    std::string via = "protocol";
    std::string consumer_group;
    std::string topic;
    std::string msk_cluster_arn;
    // An empty security_protocol: as security_protocol() says.
    clients::KafkaConnection connection{.security_protocol = ""};
    std::string offset_reset = "latest";
    std::int64_t lag_without_commit = 1;
    bool exclude_persistent_lag = false;
    std::chrono::seconds persistent_lag{600};
};

constexpr std::array kafka_rows{
    Row{"via", Choice{ways}, field<&KafkaOptions::via>,
        "Whom to ask for the lag: the cluster, in Kafka's protocol, or CloudWatch, where Amazon "
        "MSK "
        "keeps it."},
    Row{"consumer_group",
        Text{{R"(^[^\u0000]{1,255}$)", is_group_name},
             "the name of a consumer group (1 to 255 characters)"},
        field<&KafkaOptions::consumer_group>, "The consumer group whose lag counts.",
        Need::required, Tag::yes, Example{"workers"}},
    Row{"topic",
        Text{{"A-Za-z0-9._-", 1, 249},
             "the name of a topic (letters, digits, ., _ and -, at most 249)"},
        field<&KafkaOptions::topic>,
        "The topic; without it, all topics that the group has committed for.", Need::absent,
        Tag::yes, Example{"orders"}},
    Row{"bootstrap_servers",
        Text{{clients::server_list_pattern, clients::is_server_list},
             "host:port, or several with commas between them"},
        field<&KafkaOptions::connection, &clients::KafkaConnection::bootstrap_servers>,
        "Where the cluster is: host:port, or several with commas between them.", Need::absent,
        Example{"b-1.kafka.internal:9096,b-2.kafka.internal:9096"}},
    Row{"msk_cluster_arn",
        Text{{"^(?=[!-~]{1,1024}$)arn:aws.*:kafka:.*?:cluster/[^/]+/.+$", is_cluster_arn},
             "the ARN of an MSK cluster"},
        field<&KafkaOptions::msk_cluster_arn>,
        "The cluster in Amazon MSK: gives the servers where bootstrap_servers does not, and names "
        "the cluster to CloudWatch.",
        Need::absent, Variable{"MSK_CLUSTER_ARN"},
        Example{"arn:aws:kafka:eu-west-1:123456789012:cluster/orders/8a1c1e2a-1"}},
    Row{"security_protocol", Choice{protocols},
        field<&KafkaOptions::connection, &clients::KafkaConnection::security_protocol>,
        "How the brokers are spoken to. Without it SASL_SSL where sasl_mechanism is given, else "
        "PLAINTEXT.",
        Need::absent},
    Row{"sasl_mechanism", Choice{mechanisms},
        field<&KafkaOptions::connection, &clients::KafkaConnection::sasl_mechanism>,
        "How the autoscaler says who it is; AWS_MSK_IAM with its own AWS credentials.",
        Need::absent},
    Row{"username", plain_text,
        field<&KafkaOptions::connection, &clients::KafkaConnection::username>,
        "For PLAIN and SCRAM.", Need::absent, Example{"autoscaler"}},
    password_row<&KafkaOptions::connection, &clients::KafkaConnection::password>(
        Need::absent, "For PLAIN and SCRAM."),
    ca_file_row<&KafkaOptions::connection, &clients::KafkaConnection::ca_file>,
    Row{"offset_reset", Choice{resets}, field<&KafkaOptions::offset_reset>,
        "The consumers' auto.offset.reset: where they begin in a partition that the group has "
        "committed nothing for. With earliest all of it counts."},
    Row{"lag_without_commit", Integer{0, 1}, field<&KafkaOptions::lag_without_commit>,
        "What such a partition counts with latest, if it holds anything: 1 brings up a task that "
        "commits, 0 does not."},
    Row{"exclude_persistent_lag", Flag{}, field<&KafkaOptions::exclude_persistent_lag>,
        "Whether to leave out lag that does not move, such as that behind a message that no "
        "consumer can process. It keeps one task. Only what runs on, as a daemon does, can see "
        "it."},
    Row{"persistent_lag_seconds", Integer{1, 86'400}, field<&KafkaOptions::persistent_lag>,
        "How long messages must have waited for that, behind a committed offset that stood still."},
};

std::string name_of_group(const KafkaOptions& options) {
    const bool by_arn = options.connection.bootstrap_servers.empty() || options.via == "cloudwatch";
    return fmt::format("Kafka group {} of {} at {}", options.consumer_group,
                       options.topic.empty() ? "all its topics" : "topic " + options.topic,
                       by_arn ? options.msk_cluster_arn : options.connection.bootstrap_servers);
}

std::string security_protocol(const KafkaOptions& options) {
    if (!options.connection.security_protocol.empty()) return options.connection.security_protocol;
    return options.connection.sasl_mechanism.empty() ? "PLAINTEXT" : "SASL_SSL";
}

std::optional<Clash> metric_clash(const KafkaOptions& options) {
    if (options.msk_cluster_arn.empty()) {
        return Clash{"msk_cluster_arn",
                     "CloudWatch has the lag of MSK clusters only: set msk_cluster_arn, or via to "
                     "protocol"};
    }
    if (options.topic.empty()) {
        return Clash{"topic", "CloudWatch has the lag by topic: set topic"};
    }
    return std::nullopt;
}

// `given`: whether this one of username and password is.
std::optional<Clash> password_clash(std::string_view key, bool given, std::string_view mechanism) {
    const bool by_password = !mechanism.empty() && mechanism != "AWS_MSK_IAM";
    if (given == by_password) return std::nullopt;
    return Clash{std::string{key},
                 by_password ? fmt::format("{} needs a {}: set it", mechanism, key)
                             : fmt::format("a {} is for PLAIN and SCRAM: set sasl_mechanism to one "
                                           "of them, or drop it",
                                           key)};
}

std::optional<Clash> sasl_clash(const KafkaOptions& options) {
    const std::string protocol = security_protocol(options);
    const std::string& mechanism = options.connection.sasl_mechanism;
    const bool with_sasl = protocol.starts_with("SASL_");
    if (with_sasl != !mechanism.empty()) {
        return Clash{"security_protocol",
                     fmt::format("{} {} sasl_mechanism: change one of the two", protocol,
                                 with_sasl ? "needs a" : "takes no")};
    }
    if (mechanism == "AWS_MSK_IAM" && protocol != "SASL_SSL") {
        return Clash{"security_protocol", "AWS_MSK_IAM works only over SASL_SSL"};
    }
    auto clash = password_clash("username", !options.connection.username.empty(), mechanism);
    if (!clash) clash = password_clash("password", !options.connection.password.empty(), mechanism);
    if (clash) return clash;
    if (!options.connection.ca_file.empty() && !protocol.ends_with("SSL")) {
        return Clash{"ca_file", fmt::format("{} has no certificates: drop ca_file, or set "
                                            "security_protocol to SSL or SASL_SSL",
                                            protocol)};
    }
    return std::nullopt;
}

std::optional<Clash> kafka_clash(const KafkaOptions& options) {
    if (options.via == "cloudwatch") return metric_clash(options);
    if (!has_protocol) {
        return Clash{"via",
                     "this build is without librdkafka, which speaks Kafka's protocol: use one "
                     "built with it (make package KAFKA=1), or, with Amazon MSK, set via to "
                     "cloudwatch"};
    }
    if (options.connection.bootstrap_servers.empty() && options.msk_cluster_arn.empty()) {
        return Clash{"bootstrap_servers",
                     "nothing says where the cluster is: set bootstrap_servers or "
                     "msk_cluster_arn"};
    }
    return sasl_clash(options);
}

// Of a valid ARN.
std::string cluster_name(const std::string& arn) {
    const auto begin = arn.find(":cluster/") + 9;
    return arn.substr(begin, arn.find('/', begin) - begin);
}

#ifdef FAS_KAFKA
std::unique_ptr<QueueSource> kafka_group_source(const KafkaOptions& options, QueueContext context) {
    KafkaGroup what;
    what.name = name_of_group(options);
    what.group = options.consumer_group;
    what.topic = options.topic;
    what.msk_cluster_arn = options.msk_cluster_arn;
    what.connection = options.connection;
    what.connection.security_protocol = security_protocol(options);
    what.rules.from_earliest = options.offset_reset == "earliest";
    what.rules.without_commit = options.lag_without_commit;
    if (options.exclude_persistent_lag) what.rules.persistent_after = options.persistent_lag;
    return std::make_unique<KafkaGroupSource>(context, std::move(what));
}
#endif

std::unique_ptr<QueueSource> kafka_source(const KafkaOptions& options, QueueContext context) {
#ifdef FAS_KAFKA
    if (options.via == "protocol") return kafka_group_source(options, context);
#endif
    return std::make_unique<KafkaMetricSource>(
        context.account.cloudwatch.get(),
        KafkaMetric{.name = name_of_group(options),
                    .cluster = cluster_name(options.msk_cluster_arn),
                    .group = options.consumer_group,
                    .topic = options.topic});
}

}  // namespace

const QueueKind queues::kafka = queue_kind<KafkaOptions, name_of_group, kafka_source, kafka_clash>(
    "kafka", kafka_rows, "KAFKA_");

}  // namespace fas::adapters
