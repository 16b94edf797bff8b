#include "clients/brokers/kafka.h"

#include <chrono>
#include <utility>

#include "clients/brokers/kafka_session.h"

namespace fas::clients {

namespace {

constexpr Milliseconds question_time_max{10'000};

}  // namespace

KafkaCluster::KafkaCluster(reactor::Reactor& reactor, Logger& log, KafkaConnection connection,
                           KafkaTokens tokens)
    : log_(log),
      tokens_(std::move(tokens)),
      session_(std::make_shared<KafkaSession>(std::move(connection))),
      worker_(reactor) {}

KafkaCluster::~KafkaCluster() = default;

reactor::Task<Result<std::vector<PartitionOffsets>>> KafkaCluster::group_offsets(
    std::string group, std::string topic, reactor::Scope scope) {
    const auto answer = std::make_shared<KafkaAnswer>();
    KafkaQuestion question;
    question.group = std::move(group);
    question.topic = std::move(topic);
    if (tokens_) {
        auto token = co_await tokens_(scope);
        if (!token) co_return token.error();
        question.token = std::move(*token);
    }
    question.deadline = scope.within(question_time_max).deadline;
    reactor::Worker::Job job = [session = session_, question = std::move(question),
                                answer](const std::atomic<bool>& abandoned) {
        *answer = session->ask(question, abandoned);
    };
    const auto done = co_await worker_.run(std::move(job), std::move(scope));
    if (!done) co_return done.error();
    for (const std::string& line : answer->log) {
        log_.write(LogLevel::debug, "librdkafka", {{"said", std::string_view{line}}});
    }
    co_return std::move(answer->offsets);
}

}  // namespace fas::clients
