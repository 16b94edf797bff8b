#include "clients/brokers/kafka_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "base/excerpt.h"
#include "base/read_file.h"

namespace fas::clients {

namespace {

constexpr Milliseconds slice{500};               // of a wait: how soon a thread lets go
constexpr Milliseconds list_time_max{2'000};     // of a call that cannot be cut into slices
constexpr Milliseconds down_time_max{2'500};     // two attempts to connect
constexpr std::size_t topics_max = 200;          // of one group
constexpr std::size_t partitions_max = 100'000;  // of one group
constexpr std::size_t log_lines_max = 50;        // of one question

struct Free {
    void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
    void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
    void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
    void operator()(rd_kafka_topic_partition_list_t* list) const {
        rd_kafka_topic_partition_list_destroy(list);
    }
    void operator()(rd_kafka_AdminOptions_t* options) const {
        rd_kafka_AdminOptions_destroy(options);
    }
    void operator()(rd_kafka_ListConsumerGroupOffsets_t* request) const {
        rd_kafka_ListConsumerGroupOffsets_destroy(request);
    }
    void operator()(const rd_kafka_metadata_t* metadata) const {
        rd_kafka_metadata_destroy(metadata);
    }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Error kafka_failure(ErrorKind kind, std::string_view code, std::string message) {
    return make_error(kind, code, std::move(message), "Kafka");
}

ErrorKind kind_of(rd_kafka_resp_err_t code) {
    switch (code) {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR__SSL: return ErrorKind::denied;
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        case RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND: return ErrorKind::not_found;
        case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
        case RD_KAFKA_RESP_ERR__INVALID_ARG: return ErrorKind::invalid;
        default: return ErrorKind::retryable;
    }
}

Owned<rd_kafka_topic_partition_list_t> list_of(const std::vector<PartitionOffsets*>& partitions,
                                               std::int64_t offset) {
    Owned<rd_kafka_topic_partition_list_t> list(
        rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const PartitionOffsets* at : partitions) {
        rd_kafka_topic_partition_list_add(list.get(), at->topic.c_str(), at->partition)->offset =
            offset;
    }
    return list;
}

std::string name_of(const std::string& topic, std::int32_t partition) {
    return fmt::format("partition {} of topic {}", partition, topic);
}

// "Connection refused (after 3ms in state CONNECT)": the state is librdkafka's own affair.
std::string without_timing(std::string_view text) {
    return std::string{text.substr(0, text.rfind(" (after "))};
}

// By the step of the handshake that meets it, librdkafka calls it an error of TLS or one of the
// connection, which would be tried again.
bool is_about_a_certificate(std::string_view text) {
    return text.contains("certificate verify failed");
}

// What is left to consume, or would have to be guessed.
bool needs_begin(const PartitionOffsets& at) { return !at.committed || *at.committed != at.end; }

}  // namespace

Error kafka_error(rd_kafka_resp_err_t code, std::string what) {
    const char* name = rd_kafka_err2name(code);
    return kafka_failure(kind_of(code), name, std::move(what));
}

void KafkaSession::EndHandle::operator()(rd_kafka_t* handle) const {
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

bool KafkaSession::Patience::over() const { return abandoned || reactor::now() >= deadline; }

int KafkaSession::Patience::slice_ms() const {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - reactor::now());
    return static_cast<int>(std::clamp(left, Milliseconds(1), slice).count());
}

// By our own hand: librdkafka would wait for the writer of a pipe.
static Result<std::string> read_authorities(const std::string& file) {
    constexpr std::size_t bytes_max = std::size_t{4} << 20U;
    if (file.empty()) return std::string{};
    auto pem = read_file(file, bytes_max);
    if (pem) return std::move(*pem);
    return kafka_failure(
        ErrorKind::invalid, "BadSetting",
        fmt::format("the certificates in {} cannot be read: {}", file, pem.error().message()));
}

Result<void> KafkaSession::open() {
    if (handle_) return {};
    const bool tls = connection_.security_protocol.ends_with("SSL");
    auto authorities = read_authorities(tls ? connection_.ca_file : "");
    if (!authorities) return authorities.error();
    const std::vector<std::pair<const char*, std::string>> properties{
        {"bootstrap.servers", connection_.bootstrap_servers},
        {"client.id", "fast-autoscaler"},
        {"security.protocol", connection_.security_protocol},
        {"sasl.mechanism", connection_.by_iam() ? "OAUTHBEARER" : connection_.sasl_mechanism},
        {"sasl.username", connection_.username},
        {"sasl.password", connection_.password.reveal()},
        {"ssl.ca.location", tls && connection_.ca_file.empty() ? "probe" : ""},
        {"ssl.ca.pem", std::move(*authorities)},
        // Asking for a topic that is not there must not make it.
        {"allow.auto.create.topics", "false"},
        {"log.queue", "true"},
        {"log_level", "5"},
        {"socket.keepalive.enable", "true"},
        {"socket.nagle.disable", "true"},
        {"socket.connection.setup.timeout.ms", "5000"},
        {"reconnect.backoff.max.ms", "1000"},
        {"topic.metadata.refresh.interval.ms", "-1"},
    };
    Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
    std::array<char, 512> why{};
    for (const auto& [name, value] : properties) {
        if (value.empty()) continue;
        if (rd_kafka_conf_set(conf.get(), name, value.c_str(), why.data(), why.size()) !=
            RD_KAFKA_CONF_OK) {
            // Not the value, which may be a password.
            return kafka_failure(
                ErrorKind::invalid, "BadSetting",
                fmt::format("librdkafka {} does not accept this {}", rd_kafka_version_str(), name));
        }
    }
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG |
                                             RD_KAFKA_EVENT_OAUTHBEARER_TOKEN_REFRESH);
    handle_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), why.data(), why.size()));
    if (!handle_) {
        return kafka_failure(ErrorKind::invalid, "BadSetting",
                             fmt::format("librdkafka cannot start: {}", excerpt(why.data(), 300)));
    }
    std::ignore = conf.release();  // the handle's now
    events_.reset(rd_kafka_queue_get_main(handle_.get()));
    answers_.reset(rd_kafka_queue_new(handle_.get()));
    rd_kafka_set_log_queue(handle_.get(), events_.get());
    return {};
}

Result<void> KafkaSession::use_token(const std::optional<KafkaToken>& token) {
    if (!token || token->text.reveal() == used_token_) return {};
    const auto expires_ms =
        std::chrono::duration_cast<Milliseconds>(token->expires.time_since_epoch()).count();
    std::array<char, 512> why{};
    const auto failed = rd_kafka_oauthbearer_set_token(handle_.get(), token->text.reveal().c_str(),
                                                       expires_ms, token->principal.c_str(),
                                                       nullptr, 0, why.data(), why.size());
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka_failure(
            ErrorKind::denied, "BadToken",
            fmt::format("the token for MSK is not accepted: {}; check this machine's clock",
                        rd_kafka_err2str(failed)));
    }
    used_token_ = token->text.reveal();
    return {};
}

void KafkaSession::drain() {
    while (true) {
        const Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(events_.get(), 0));
        if (!event) return;
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_LOG) {
            const char* facility = nullptr;
            const char* text = nullptr;
            int level = 0;
            const bool read = rd_kafka_event_log(event.get(), &facility, &text, &level) == 0;
            if (read && log_.size() < log_lines_max) log_.emplace_back(excerpt(text, 500));
        } else if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
            const auto code = rd_kafka_event_error(event.get());
            if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
                down_ = true;
                continue;
            }
            cause_ = kafka_error(
                code, without_timing(excerpt(rd_kafka_event_error_string(event.get()), 500)));
            if (is_about_a_certificate(cause_->message)) {
                cause_ = kafka_error(RD_KAFKA_RESP_ERR__SSL, cause_->message);
            }
            // The same at every broker, and it will not become right by itself.
            if (cause_->kind == ErrorKind::denied) down_ = true;
        }
    }
}

Error KafkaSession::no_answer() const {
    if (cause_) return *cause_;
    return kafka_failure(ErrorKind::retryable, "TimedOut",
                         fmt::format("no answer from {} in time", connection_.bootstrap_servers));
}

std::optional<Error> KafkaSession::given_up(const Patience& patience) const {
    if (patience.over()) return no_answer();
    const bool waited = reactor::now() >= patience.while_down;
    if (down_ && cause_ && waited) return no_answer();
    return std::nullopt;
}

Result<int> KafkaSession::partition_count(const std::string& topic, const Patience& patience) {
    const Owned<rd_kafka_topic_t> asked(rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr));
    if (!asked) {
        return kafka_failure(ErrorKind::invalid, "BadTopic",
                             fmt::format("{} is not the name of a topic", topic));
    }
    while (true) {
        const rd_kafka_metadata_t* answer = nullptr;
        const auto failed =
            rd_kafka_metadata(handle_.get(), 0, asked.get(), &answer, patience.slice_ms());
        const Owned<const rd_kafka_metadata_t> metadata(answer);
        drain();
        if (failed == RD_KAFKA_RESP_ERR_NO_ERROR && answer != nullptr && answer->topic_cnt == 1) {
            cause_.reset();
            down_ = false;
            const rd_kafka_metadata_topic_t& found = answer->topics[0];
            if (found.err == RD_KAFKA_RESP_ERR_NO_ERROR && found.partition_cnt > 0) {
                return found.partition_cnt;
            }
            // A topic that is being made has no leaders for a moment, and then no partitions here.
            const auto code = found.err != RD_KAFKA_RESP_ERR_NO_ERROR
                                  ? found.err
                                  : RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
            return kafka_error(code, fmt::format("topic {}: {}", topic, rd_kafka_err2str(code)));
        }
        if (const auto error = given_up(patience)) return *error;
    }
}

Result<void> KafkaSession::add_partitions(const std::string& topic, const Patience& patience,
                                          std::vector<PartitionOffsets>& offsets) {
    const auto count = partition_count(topic, patience);
    if (!count) return count.error();
    if (offsets.size() + static_cast<std::size_t>(*count) > partitions_max) {
        return kafka_failure(ErrorKind::invalid, "TooMany",
                             fmt::format("there are more than {} partitions", partitions_max));
    }
    for (int partition = 0; partition < *count; ++partition) {
        PartitionOffsets at;
        at.topic = topic;
        at.partition = partition;
        offsets.push_back(std::move(at));
    }
    return {};
}

Result<std::vector<PartitionOffsets>> KafkaSession::committed(
    const std::string& group, const std::vector<PartitionOffsets>* of, const Patience& patience) {
    Owned<rd_kafka_topic_partition_list_t> list;
    if (of != nullptr) {
        list.reset(rd_kafka_topic_partition_list_new(static_cast<int>(of->size())));
        for (const PartitionOffsets& at : *of) {
            rd_kafka_topic_partition_list_add(list.get(), at.topic.c_str(), at.partition);
        }
    }
    const Owned<rd_kafka_ListConsumerGroupOffsets_t> request(
        rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), list.get()));
    const Owned<rd_kafka_AdminOptions_t> options(
        rd_kafka_AdminOptions_new(handle_.get(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS));
    const auto left = std::chrono::ceil<Milliseconds>(patience.deadline - reactor::now());
    std::array<char, 256> why{};
    rd_kafka_AdminOptions_set_request_timeout(
        options.get(), static_cast<int>(std::max(left, Milliseconds(1)).count()), why.data(),
        why.size());
    auto* requests = request.get();
    // A queue of its own: the answer to a question that was given up must not be the next one's.
    answers_.reset(rd_kafka_queue_new(handle_.get()));
    rd_kafka_ListConsumerGroupOffsets(handle_.get(), &requests, 1, options.get(), answers_.get());

    Owned<rd_kafka_event_t> answer;
    while (!answer) {
        answer.reset(rd_kafka_queue_poll(answers_.get(), patience.slice_ms()));
        drain();
        if (answer) break;
        if (const auto error = given_up(patience)) return *error;
    }
    const auto of_group = [&group](rd_kafka_resp_err_t code, const char* text) {
        return kafka_error(code, fmt::format("consumer group {}: {}", group, text));
    };
    if (const auto code = rd_kafka_event_error(answer.get())) {
        if (code == RD_KAFKA_RESP_ERR__TIMED_OUT) return no_answer();
        return of_group(code, rd_kafka_err2str(code));
    }
    cause_.reset();
    down_ = false;
    std::size_t count = 0;
    const auto* result = rd_kafka_event_ListConsumerGroupOffsets_result(answer.get());
    const auto** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count);
    if (count != 1) return of_group(RD_KAFKA_RESP_ERR__BAD_MSG, "the answer is of another");
    if (const auto* error = rd_kafka_group_result_error(groups[0])) {
        return of_group(rd_kafka_error_code(error), rd_kafka_err2str(rd_kafka_error_code(error)));
    }
    const auto* offsets = rd_kafka_group_result_partitions(groups[0]);
    std::vector<PartitionOffsets> all;
    for (int i = 0; offsets != nullptr && i < offsets->cnt; ++i) {
        const rd_kafka_topic_partition_t& from = offsets->elems[i];
        if (from.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return kafka_error(from.err, fmt::format("{}: {}", name_of(from.topic, from.partition),
                                                     rd_kafka_err2str(from.err)));
        }
        PartitionOffsets at;
        at.topic = from.topic;
        at.partition = from.partition;
        if (from.offset >= 0) at.committed = from.offset;
        all.push_back(std::move(at));
    }
    return all;
}

Result<std::vector<std::int64_t>> KafkaSession::list_offsets(
    const std::vector<PartitionOffsets*>& of, std::int64_t which, const Patience& patience) {
    const auto list = list_of(of, which);
    const auto left = std::chrono::ceil<Milliseconds>(patience.deadline - reactor::now());
    const auto time = std::clamp(left, Milliseconds(1), list_time_max);
    const auto failed =
        rd_kafka_offsets_for_times(handle_.get(), list.get(), static_cast<int>(time.count()));
    drain();
    if (failed == RD_KAFKA_RESP_ERR__TIMED_OUT) return no_answer();
    if (failed != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka_error(failed, fmt::format("the partitions' offsets of topic {}: {}",
                                               of.front()->topic, rd_kafka_err2str(failed)));
    }
    std::vector<std::int64_t> offsets;
    for (const PartitionOffsets* at : of) {
        const auto* found =
            rd_kafka_topic_partition_list_find(list.get(), at->topic.c_str(), at->partition);
        const std::string name = name_of(at->topic, at->partition);
        if (found == nullptr || (found->err == RD_KAFKA_RESP_ERR_NO_ERROR && found->offset < 0)) {
            return kafka_error(RD_KAFKA_RESP_ERR__BAD_MSG,
                               fmt::format("{}: the brokers did not say where it ends", name));
        }
        if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return kafka_error(found->err,
                               fmt::format("{}: {}", name, rd_kafka_err2str(found->err)));
        }
        offsets.push_back(found->offset);
    }
    return offsets;
}

// After the commits: an end that is read later can only be further on.
Result<void> KafkaSession::add_ends(std::vector<PartitionOffsets>& offsets,
                                    const Patience& patience) {
    std::vector<PartitionOffsets*> all;
    all.reserve(offsets.size());
    for (PartitionOffsets& at : offsets) all.push_back(&at);
    const auto ends = list_offsets(all, RD_KAFKA_OFFSET_END, patience);
    if (!ends) return ends.error();
    std::vector<PartitionOffsets*> open;
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i]->end = (*ends)[i];
        if (needs_begin(*all[i])) open.push_back(all[i]);
    }
    if (open.empty()) return {};
    const auto begins = list_offsets(open, RD_KAFKA_OFFSET_BEGINNING, patience);
    if (!begins) return begins.error();
    for (std::size_t i = 0; i < open.size(); ++i) open[i]->begin = (*begins)[i];
    return {};
}

Result<std::vector<PartitionOffsets>> KafkaSession::offsets(const KafkaQuestion& question,
                                                            const Patience& patience) {
    std::vector<PartitionOffsets> all;
    if (!question.topic.empty()) {
        if (auto added = add_partitions(question.topic, patience, all); !added) {
            return added.error();
        }
        auto commits = committed(question.group, &all, patience);
        if (!commits) return commits.error();
        if (commits->size() != all.size()) {
            return kafka_error(RD_KAFKA_RESP_ERR__BAD_MSG,
                               "the commits of some partitions are missing from the answer");
        }
        all = std::move(*commits);
    } else {
        auto commits = committed(question.group, nullptr, patience);
        if (!commits) return commits.error();
        std::map<std::string, std::map<std::int32_t, std::int64_t>> topics;
        for (const PartitionOffsets& at : *commits) {
            if (at.committed) topics[at.topic][at.partition] = *at.committed;
        }
        if (topics.empty() || topics.size() > topics_max) {
            return kafka_failure(
                topics.empty() ? ErrorKind::not_found : ErrorKind::invalid,
                topics.empty() ? "NoCommits" : "TooMany",
                fmt::format("the group {} has committed offsets for {} topics that this "
                            "user may describe, and 1 to {} are needed; name the topic",
                            question.group, topics.size(), topics_max));
        }
        for (const auto& [topic, known] : topics) {
            if (auto added = add_partitions(topic, patience, all); !added) return added.error();
        }
        for (PartitionOffsets& at : all) {
            const auto& known = topics[at.topic];
            const auto found = known.find(at.partition);
            if (found != known.end()) at.committed = found->second;
        }
    }
    if (auto ended = add_ends(all, patience); !ended) return ended.error();
    return all;
}

KafkaAnswer KafkaSession::ask(const KafkaQuestion& question, const std::atomic<bool>& abandoned) {
    KafkaAnswer answer;
    const SteadyTime now = reactor::now();
    const Patience patience{question.deadline, abandoned, down_ ? now + down_time_max : now};
    if (auto opened = open(); !opened) {
        answer.offsets = opened.error();
        return answer;
    }
    if (auto used = use_token(question.token); !used) {
        answer.offsets = used.error();
        return answer;
    }
    drain();
    answer.offsets = offsets(question, patience);
    answer.log.swap(log_);
    return answer;
}

}  // namespace fas::clients
