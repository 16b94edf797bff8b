// The backlog in a key of Redis (or Valkey): a list, a stream's consumer group, or a sorted set.
#include "clients/brokers/redis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/queues/kinds.h"
#include "adapters/queues/redis/pending.h"
#include "adapters/queues/redis/stream.h"
#include "adapters/queues/shared/server_rows.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/excerpt.h"

namespace fas::adapters {

namespace {

using clients::encode_command;
using clients::RedisCommand;
using clients::RespReply;
using Reply = RespReply::Kind;

constexpr std::array<Name, 3> queue_types{"list", "stream", "sorted_set"};
constexpr std::array<Name, 4> processing_types{"list", "hash", "set", "sorted_set"};

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 17 && std::ranges::all_of(text, is_digit);
}

bool is_score(std::string_view text) {
    if (text == "now" || text == "now_ms") return true;
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (text == "inf") return true;
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) return is_digits(text);
    return is_digits(text.substr(0, point)) && is_digits(text.substr(point + 1));
}

constexpr Text score_text{
    {R"(^(now(_ms)?|[+-]?(inf|[0-9]{1,17}(\.[0-9]{1,17})?))$)", is_score},
    "a number, -inf, +inf, now (in seconds since 1970) or now_ms (in milliseconds)"};

struct RedisOptions {
    clients::RedisServer server;
    std::string type = "list";
    std::string queue_key;
    std::string consumer_group;
    std::string processing_key;
    std::string processing_type = "list";
    bool include_in_flight = true;
    std::optional<std::string> min_score;  // absent: any
    std::optional<std::string> max_score;

    bool is_stream() const { return type == "stream"; }
};

// A colon alone is a port's, several are an IPv6 address's.
bool is_redis_host(std::string_view text) {
    if (text.empty() || text.size() > 255) return false;
    const auto colons = std::ranges::count(text, ':');
    if (colons == 0) return is_alphanumeric_or("._-", text);
    return colons > 1 && std::ranges::all_of(text, [](char c) {
               return is_digit(c) || std::string_view{"abcdefABCDEF:."}.contains(c);
           });
}

// Any bytes are a key: Celery's priorities are control characters.
constexpr Text redis_key{{Grammar::any, 1, 65'536},
                         "a text of at most 65536 bytes (in JSON, \\u0006 is such a byte)"};

constexpr std::array redis_rows{
    Row{"host",
        Text{{R"(^(?=.{1,255}$)([A-Za-z0-9._-]+|[0-9A-Fa-f.]*(:[0-9A-Fa-f.]*){2,})$)",
              is_redis_host},
             "a host's name, or an IP address without brackets; its port is a setting of "
             "its own, port"},
        field<&RedisOptions::server, &clients::RedisServer::host>,
        "The server's name or IP address; of a cluster, any node's.", Need::required,
        Example{"cache.internal"}},
    Row{"port", Integer{1, 65535}, field<&RedisOptions::server, &clients::RedisServer::port>,
        "The server's port."},
    Row{"username", plain_text, field<&RedisOptions::server, &clients::RedisServer::username>,
        "The user of the server's ACL; without one, the default user.", Need::absent,
        Example{"autoscaler"}},
    password_row<&RedisOptions::server, &clients::RedisServer::password>(
        Need::absent, "The user's password, or the server's (requirepass)."),
    Row{"database", Integer{0, 65535},
        field<&RedisOptions::server, &clients::RedisServer::database>,
        "The number of the database. A cluster has only 0."},
    Row{"tls", Flag{}, field<&RedisOptions::server, &clients::RedisServer::tls>,
        "Speak TLS, and verify the server's certificate."},
    ca_file_row<&RedisOptions::server, &clients::RedisServer::ca_file>,
    Row{"redis_type", Choice{queue_types}, field<&RedisOptions::type>,
        "What the key holds: a list, a stream (with consumer_group), or a sorted_set.",
        Variable{"REDIS_QUEUE_TYPE"}},
    Row{"queue_key", redis_key, field<&RedisOptions::queue_key>,
        "The key. One that is not there is an empty queue.", Need::required, Tag::yes,
        Example{"jobs"}},
    Row{"consumer_group", redis_key, field<&RedisOptions::consumer_group>,
        "Of a stream: the group whose lag waits, and whose pending entries are in flight.",
        Need::absent, Tag::yes, Example{"workers"}},
    Row{"processing_key", redis_key, field<&RedisOptions::processing_key>,
        "Of a list or sorted set: the key where the workers keep what they have in hand. Its items "
        "are in flight.",
        Need::absent, Tag::yes, Example{"jobs:busy"}},
    Row{"processing_type", Choice{processing_types}, field<&RedisOptions::processing_type>,
        "What processing_key holds.", Tag::yes},
    Row{"include_in_flight", Flag{}, field<&RedisOptions::include_in_flight>,
        "Count what is in flight. Where it does not count, it does not hold off a scale-in either. "
        "A list or sorted set without processing_key does not say what is in flight, and is not "
        "scaled in while it counts.",
        Tag::yes},
    Row{"min_score", score_text, field<&RedisOptions::min_score>,
        "Of a sorted set: the least score that counts; without it, -inf.", Need::absent, Tag::yes,
        Example{"0"}},
    Row{"max_score", score_text, field<&RedisOptions::max_score>,
        "Of a sorted set: the greatest score that counts; now or now_ms for jobs whose score is "
        "when they are due. Without it, +inf.",
        Need::absent, Tag::yes, Example{"now"}},
};

bool is_wrong_type(const RespReply& reply) {
    return reply.kind == Reply::error && reply.text.starts_with("WRONGTYPE");
}

std::string_view redis_advice(const Error& error, bool tls) {
    if (error.code == "CertificateNotTrusted" || error.code == "BadCaBundle") {
        return "name the file with its authority's certificate in ca_file";
    }
    if (error.code == "TlsFailed" || (tls && error.code == "ConnectTimeout")) {
        return "check that the port speaks TLS, or set tls to false";
    }
    if (error.code == "MalformedResponse" || (!tls && error.code == "ConnectionLost")) {
        return "check host and port, and whether it wants tls";
    }
    if (error.kind == ErrorKind::denied) {
        return "check username and password, and that the user may read the key";
    }
    return "nothing is scaled until it can be read";
}

class RedisSource final : public QueueSource {
  public:
    RedisSource(RedisOptions options, QueueContext context);

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    std::vector<RedisCommand> commands() const;
    Result<StreamCount> count(const std::vector<RespReply>& replies) const;
    reactor::Task<Result<std::vector<RespReply>>> ask(std::vector<std::string> questions,
                                                      reactor::Scope scope);
    reactor::Task<Result<scaling::QueueDepth>> with_waiting(StreamCount counted,
                                                            reactor::Scope scope);
    reactor::Task<Messages> still_there(Messages pending, reactor::Scope scope);
    std::string score(const std::string& text) const;
    Error failure(Error error) const;
    Error wrong_type(const std::string& key, const Result<std::vector<RespReply>>& type) const;

    const Clock& clock_;
    RedisOptions options_;
    std::string name_;
    std::shared_ptr<clients::RedisClient> client_;
};

std::string name_of_key(const RedisOptions& options) {
    const std::string& group = options.consumer_group;
    const clients::RedisServer& server = options.server;
    return fmt::format("Redis {} {}{} at {}:{}{}", options.type, options.queue_key,
                       group.empty() ? "" : " (group " + group + ")", server.host, server.port,
                       server.database == 0 ? "" : fmt::format(", database {}", server.database));
}

std::shared_ptr<clients::RedisClient> client_of(const clients::RedisServer& server,
                                                QueueContext context) {
    const clients::AwsContext& shared = context.account.context;
    return context.brokers.redis.get(server, [&] {
        return std::make_shared<clients::RedisClient>(shared.reactor, shared.http, server);
    });
}

RedisSource::RedisSource(RedisOptions options, QueueContext context)
    : clock_(context.account.context.clock),
      options_(std::move(options)),
      name_(name_of_key(options_)),
      client_(client_of(options_.server, context)) {
    options_.server.password = {};
}

std::string RedisSource::score(const std::string& text) const {
    const auto since_1970 = clock_.now().time_since_epoch().count();  // in microseconds
    if (text == "now")
        return fmt::format("{}.{:06}", since_1970 / 1'000'000, since_1970 % 1'000'000);
    return text == "now_ms" ? std::to_string(since_1970 / 1'000) : text;
}

// All that a reading needs in most cases, in one round trip.
std::vector<RedisCommand> RedisSource::commands() const {
    std::vector<RedisCommand> wanted;
    const auto add = [&wanted](const std::string& key, std::string bytes) {
        wanted.push_back({key, std::move(bytes)});
    };
    if (options_.is_stream()) {
        add(options_.queue_key, encode_command({"XINFO", "GROUPS", options_.queue_key}));
        add(options_.queue_key, encode_command({"XLEN", options_.queue_key}));
        return wanted;
    }
    if (options_.type == "list") {
        add(options_.queue_key, encode_command({"LLEN", options_.queue_key}));
    } else {
        add(options_.queue_key, encode_command({"ZCOUNT", options_.queue_key,
                                                score(options_.min_score.value_or("-inf")),
                                                score(options_.max_score.value_or("+inf"))}));
    }
    const std::string& processing = options_.processing_key;
    if (processing.empty() || !options_.include_in_flight) return wanted;
    const std::string& type = options_.processing_type;
    const char* const length = type == "list"   ? "LLEN"
                               : type == "hash" ? "HLEN"
                               : type == "set"  ? "SCARD"
                                                : "ZCARD";
    add(processing, encode_command({length, processing}));
    return wanted;
}

reactor::Task<Result<scaling::QueueDepth>> RedisSource::read(reactor::Scope scope) {
    std::vector<RedisCommand> asked = commands();
    auto replies = co_await client_->run(std::move(asked), scope);
    if (!replies) co_return failure(std::move(replies.error()));
    const auto wrong = std::ranges::find_if(*replies, is_wrong_type);
    if (wrong != replies->end()) {
        const bool main_key = options_.is_stream() || wrong == replies->begin();
        const std::string key = main_key ? options_.queue_key : options_.processing_key;
        std::vector<RedisCommand> question(1);
        question.front() = {key, encode_command({"TYPE", key})};
        const auto type = co_await client_->run(std::move(question), scope);
        co_return failure(wrong_type(key, type));
    }
    auto counted = count(*replies);
    if (!counted) co_return failure(std::move(counted.error()));
    if (!options_.include_in_flight) counted->depth.in_flight = Messages{0};
    if (counted->first_waiting.empty()) co_return counted->depth;
    auto depth = co_await with_waiting(std::move(*counted), scope);
    if (!depth) co_return failure(std::move(depth.error()));
    if (depth->in_flight > Messages{0}) {
        depth->in_flight = co_await still_there(*depth->in_flight, std::move(scope));
    }
    co_return depth;
}

reactor::Task<Result<std::vector<RespReply>>> RedisSource::ask(std::vector<std::string> questions,
                                                               reactor::Scope scope) {
    std::vector<RedisCommand> asked;
    asked.reserve(questions.size());
    for (std::string& question : questions) {
        asked.push_back({options_.queue_key, std::move(question)});
    }
    co_return co_await client_->run(std::move(asked), std::move(scope));
}

reactor::Task<Result<scaling::QueueDepth>> RedisSource::with_waiting(StreamCount counted,
                                                                     reactor::Scope scope) {
    std::vector<std::string> question(1);
    question.front() = waiting_entries(options_.queue_key, counted);
    auto entries = co_await ask(std::move(question), scope);
    const bool too_large = !entries && entries.error().code == "ResponseTooLarge";
    if (too_large && counted.depth.visible && counted.asked > 1) {
        counted.asked = 1;
        std::vector<std::string> smaller(1);
        smaller.front() = waiting_entries(options_.queue_key, counted);
        entries = co_await ask(std::move(smaller), std::move(scope));
    }
    co_return complete(std::move(counted), entries, clock_.now());
}

// Of so many pending entries. What cannot be asked is taken for there.
reactor::Task<Messages> RedisSource::still_there(Messages pending, reactor::Scope scope) {
    constexpr std::size_t looks_at_once = 50;  // each shows an entry, of whatever size
    auto questions = pending_questions(options_.queue_key, options_.consumer_group);
    const auto answers = co_await ask(std::move(questions), scope);
    if (!answers) co_return pending;
    const PendingCount count = pending_count((*answers)[0], (*answers)[1], pending);
    Messages there = count.there;
    for (std::size_t begin = 0; begin < count.doubtful.size(); begin += looks_at_once) {
        const std::size_t end = std::min(begin + looks_at_once, count.doubtful.size());
        std::vector<std::string> looks;
        looks.reserve(end - begin);
        for (std::size_t i = begin; i < end; ++i) {
            looks.push_back(look_at(options_.queue_key, count.doubtful[i]));
        }
        const auto seen = co_await ask(std::move(looks), scope);
        if (!seen) co_return pending;
        there += Messages{std::ranges::count_if(*seen, is_there)};
    }
    co_return std::min(there, pending);
}

Result<StreamCount> RedisSource::count(const std::vector<RespReply>& replies) const {
    if (options_.is_stream()) {
        return count_stream(replies[0], replies[1], options_.consumer_group);
    }
    StreamCount counted;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        if (replies[i].kind == Reply::error) return clients::redis_error(replies[i]);
        const auto count = count_of(&replies[i]);
        if (!count) return misunderstood("the question for its length");
        (i == 0 ? counted.depth.visible : counted.depth.in_flight) = *count;
    }
    return counted;
}

Error RedisSource::failure(Error error) const {
    error.service = "Redis";
    error.message = fmt::format("cannot read {}: {}; {}", name_, error.message,
                                redis_advice(error, options_.server.tls));
    return error;
}

Error RedisSource::wrong_type(const std::string& key,
                              const Result<std::vector<RespReply>>& type) const {
    const bool known = type && type->front().kind == Reply::status;
    Error error;
    error.kind = ErrorKind::invalid;
    error.message =
        fmt::format("the key {} holds {}; set {} to what it holds, or name another key", key,
                    known ? fmt::format("a {}", excerpt(type->front().text, 40)) : "something else",
                    key == options_.queue_key ? "redis_type" : "processing_type");
    error.code = "WRONGTYPE";
    return error;
}

Clash not_for(std::string_view key, std::string_view type) {
    return {std::string{key},
            fmt::format("is not for a {}: leave it out, or change redis_type", type)};
}

std::optional<Clash> redis_clash(const RedisOptions& options) {
    const clients::RedisServer& server = options.server;
    const bool stream = options.is_stream();
    if (stream && options.consumer_group.empty()) {
        return Clash{"consumer_group",
                     "a stream needs it: name the group that the workers read with"};
    }
    if (!stream && !options.consumer_group.empty()) return not_for("consumer_group", options.type);
    if (stream && !options.processing_key.empty()) return not_for("processing_key", options.type);
    if (options.type != "sorted_set" && (options.min_score || options.max_score)) {
        return Clash{options.min_score ? "min_score" : "max_score",
                     "is for a sorted_set: leave it out, or change redis_type"};
    }
    if (!server.username.empty() && server.password.empty()) {
        return Clash{"password", "is missing: username needs one"};
    }
    if (!server.ca_file.empty() && !server.tls) {
        return Clash{"tls", "is false, so that ca_file is of no use: set it to true"};
    }
    return std::nullopt;
}

}  // namespace

const QueueKind queues::redis =
    queue_kind<RedisOptions, name_of_key, made<RedisSource, RedisOptions>, redis_clash>(
        "redis", redis_rows, "REDIS_");

}  // namespace fas::adapters
