#include "adapters/queues/kafka/group.h"

#include <fmt/format.h>

#include "adapters/queues/kafka/iam_login.h"

namespace fas::adapters {

namespace {

clients::MskAccess access_of(const clients::KafkaConnection& connection) {
    if (connection.by_iam()) return clients::MskAccess::iam;
    if (!connection.sasl_mechanism.empty()) return clients::MskAccess::scram;
    return connection.security_protocol == "SSL" ? clients::MskAccess::tls
                                                 : clients::MskAccess::plaintext;
}

std::string_view kafka_group_advice(const Error& error) {
    const std::string_view code = error.code;
    if (code == "TOPIC_AUTHORIZATION_FAILED") {
        return "allow this user to describe the topic (with IAM, kafka-cluster:DescribeTopic)";
    }
    if (code == "GROUP_AUTHORIZATION_FAILED") {
        return "allow this user to describe the group (with IAM, kafka-cluster:DescribeGroup)";
    }
    if (code == "_SSL") {
        return "check ca_file, security_protocol, and that bootstrap_servers has the names that "
               "the brokers' certificates are for";
    }
    if (code == "BadSetting") return "check ca_file and the rest of queue_config";
    if (error.service == "KAFKA" && error.kind == ErrorKind::denied) {
        return "allow kafka:GetBootstrapBrokers, or set bootstrap_servers";
    }
    switch (error.kind) {
        case ErrorKind::not_found: return "check topic, consumer_group and the cluster";
        case ErrorKind::denied: return "check username, password and sasl_mechanism, or the role";
        case ErrorKind::invalid: return "check queue_config";
        default: return "nothing is scaled until it can be read";
    }
}

}  // namespace

Error KafkaGroupSource::explain(Error error) const {
    error.message = fmt::format("cannot read the lag of {}: {}; {}", what_.name, error.message,
                                kafka_group_advice(error));
    return error;
}

std::shared_ptr<clients::KafkaCluster> KafkaGroupSource::cluster(
    const clients::KafkaConnection& connection) {
    const clients::AwsContext& aws = context_.account.context;
    return context_.brokers.kafka.get(connection, [&] {
        return std::make_shared<clients::KafkaCluster>(
            aws.reactor, aws.log, connection,
            connection.by_iam() ? iam_tokens(aws) : clients::KafkaTokens{});
    });
}

reactor::Task<Result<void>> KafkaGroupSource::connect(reactor::Scope scope) {
    if (cluster_) co_return Result<void>();
    clients::KafkaConnection connection = what_.connection;
    if (connection.bootstrap_servers.empty()) {
        auto servers = co_await context_.account.msk.get().bootstrap_brokers(
            what_.msk_cluster_arn, access_of(connection), std::move(scope));
        if (!servers) co_return servers.error();
        connection.bootstrap_servers = std::move(*servers);
    }
    cluster_ = cluster(connection);
    co_return Result<void>();
}

reactor::Task<Result<scaling::QueueDepth>> KafkaGroupSource::read(reactor::Scope scope) {
    const auto connected = co_await connect(scope);
    if (!connected) co_return explain(connected.error());
    // Held on to: another reading may let go of it meanwhile.
    const std::shared_ptr<clients::KafkaCluster> cluster = cluster_;
    const auto offsets =
        co_await cluster->group_offsets(what_.group, what_.topic, std::move(scope));
    if (!offsets) {
        // Brokers that MSK has replaced have other addresses.
        const bool by_arn = what_.connection.bootstrap_servers.empty();
        if (by_arn && offsets.error().kind == ErrorKind::retryable) cluster_.reset();
        co_return explain(offsets.error());
    }
    co_return lag_.depth(*offsets, reactor::now());
}

}  // namespace fas::adapters
