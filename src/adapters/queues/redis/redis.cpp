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
#include "adapters/queues/redis/stream.h"
#include "adapters/queues/shared/server_options.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/excerpt.h"

namespace fas::adapters {

namespace {

using clients::encode_command;
using clients::RedisCommand;
using clients::RespReply;
using Kind = RespReply::Kind;

constexpr std::array<std::string_view, 3> queue_types{"list", "stream", "sorted_set"};
constexpr std::array<std::string_view, 4> processing_types{"list", "hash", "set", "sorted_set"};

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 255 && is_alphanumeric_or("-._:", text);
}

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

constexpr TextType score_text{
    .accepted = "a number, -inf, +inf, now (in seconds since 1970) or now_ms (in milliseconds)",
    .pattern = R"(^(now(_ms)?|[+-]?(inf|[0-9]{1,17}(\.[0-9]{1,17})?))$)",
    .valid = is_score};

constexpr std::array redis_options = {
    Option{.key = "host",
           .variable = "REDIS_HOST",
           .description = "The server's name or IP address; of a cluster, any node's.",
           .type = TextType{.accepted = "a host's name, or an IP address without brackets",
                            .pattern = "^[A-Za-z0-9._:-]{1,255}$",
                            .valid = is_host},
           .required = true},
    Option{.key = "port",
           .variable = "REDIS_PORT",
           .description = "The server's port.",
           .type = IntegerType{.min = 1, .max = 65535},
           .default_value = std::int64_t{6379}},
    Option{.key = "username",
           .variable = "REDIS_USERNAME",
           .description = "The user of the server's ACL; without one, the default user.",
           .type = plain_text},
    password_option("REDIS_PASSWORD", "The user's password, or the server's (requirepass)."),
    Option{.key = "database",
           .variable = "REDIS_DATABASE",
           .description = "The number of the database. A cluster has only 0.",
           .type = IntegerType{.min = 0, .max = 65535},
           .default_value = std::int64_t{0}},
    Option{.key = "tls",
           .variable = "REDIS_TLS",
           .description = "Speak TLS, and verify the server's certificate.",
           .type = BooleanType{},
           .default_value = false},
    ca_file_option("REDIS_CA_FILE"),
    Option{.key = "redis_type",
           .variable = "REDIS_QUEUE_TYPE",
           .description = "What the key holds: a list, a stream (with consumer_group), or a "
                          "sorted_set.",
           .type = ChoiceType{.names = queue_types},
           .default_value = std::string_view("list")},
    Option{.key = "queue_key",
           .variable = "REDIS_QUEUE_KEY",
           .description = "The key. One that is not there is an empty queue.",
           .type = plain_text,
           .required = true,
           .by_tag = true},
    Option{.key = "consumer_group",
           .variable = "REDIS_CONSUMER_GROUP",
           .description = "Of a stream: the group whose lag waits, and whose pending entries are "
                          "in flight.",
           .type = plain_text,
           .by_tag = true},
    Option{.key = "processing_key",
           .variable = "REDIS_PROCESSING_KEY",
           .description = "Of a list or sorted set: the key where the workers keep what they have "
                          "in hand. Its items are in flight.",
           .type = plain_text,
           .by_tag = true},
    Option{.key = "processing_type",
           .variable = "REDIS_PROCESSING_TYPE",
           .description = "What processing_key holds.",
           .type = ChoiceType{.names = processing_types},
           .default_value = std::string_view("list"),
           .by_tag = true},
    Option{.key = "include_in_flight",
           .variable = "REDIS_INCLUDE_IN_FLIGHT",
           .description = "Count what is in flight. Where it does not count, it does not hold off "
                          "a scale-in either. A list or sorted set without processing_key does not "
                          "say what is in flight, and is not scaled in while it counts.",
           .type = BooleanType{},
           .default_value = true,
           .by_tag = true},
    Option{.key = "min_score",
           .variable = "REDIS_MIN_SCORE",
           .description = "Of a sorted set: the least score that counts.",
           .type = score_text,
           .default_value = std::string_view("-inf"),
           .by_tag = true},
    Option{.key = "max_score",
           .variable = "REDIS_MAX_SCORE",
           .description = "Of a sorted set: the greatest score that counts; now or now_ms for jobs "
                          "whose score is when they are due.",
           .type = score_text,
           .default_value = std::string_view("+inf"),
           .by_tag = true},
};

bool is_wrong_type(const RespReply& reply) {
    return reply.kind == Kind::error && reply.text.starts_with("WRONGTYPE");
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
    RedisSource(const Options& given, QueueContext context);

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override;

  private:
    std::vector<RedisCommand> commands() const;
    Result<StreamCount> count(const std::vector<RespReply>& replies) const;
    std::string score(const std::string& text) const;
    Error failure(Error error) const;
    Error wrong_type(const std::string& key, const Result<std::vector<RespReply>>& type) const;

    const Clock& clock_;
    Options given_;
    std::string name_;
    std::string type_;
    std::string key_;
    std::shared_ptr<clients::RedisClient> client_;
};

std::string name_of_key(const Options& given) {
    const std::string group = given.text("consumer_group");
    const std::int64_t database = given.integer("database");
    return fmt::format("Redis {} {}{} at {}:{}{}", given.text("redis_type"),
                       given.text("queue_key"), group.empty() ? "" : " (group " + group + ")",
                       given.text("host"), given.integer("port"),
                       database == 0 ? "" : fmt::format(", database {}", database));
}

clients::RedisServer server_of(const Options& given) {
    clients::RedisServer server;
    server.host = given.text("host");
    server.port = static_cast<int>(given.integer("port"));
    server.tls = given.flag("tls");
    server.username = given.text("username");
    server.password = Secret(given.text("password"));
    server.database = static_cast<int>(given.integer("database"));
    server.ca_file = given.text("ca_file");
    return server;
}

std::shared_ptr<clients::RedisClient> client_of(const Options& given, QueueContext context) {
    const clients::RedisServer server = server_of(given);
    const clients::AwsContext& shared = context.account.context;
    return context.brokers.redis.get(server, [&] {
        return std::make_shared<clients::RedisClient>(shared.reactor, shared.http, server);
    });
}

RedisSource::RedisSource(const Options& given, QueueContext context)
    : clock_(context.account.context.clock),
      given_(given),
      name_(name_of_key(given)),
      type_(given.text("redis_type")),
      key_(given.text("queue_key")),
      client_(client_of(given, context)) {
    given_.forget("password");
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
    if (type_ == "stream") {
        add(key_, encode_command({"XINFO", "GROUPS", key_}));
        add(key_, encode_command({"XLEN", key_}));
        return wanted;
    }
    if (type_ == "list") {
        add(key_, encode_command({"LLEN", key_}));
    } else {
        add(key_, encode_command({"ZCOUNT", key_, score(given_.text("min_score")),
                                  score(given_.text("max_score"))}));
    }
    const std::string processing = given_.text("processing_key");
    if (processing.empty() || !given_.flag("include_in_flight")) return wanted;
    const std::string type = given_.text("processing_type");
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
        const bool main_key = type_ == "stream" || wrong == replies->begin();
        const std::string key = main_key ? key_ : given_.text("processing_key");
        std::vector<RedisCommand> question(1);
        question.front() = {key, encode_command({"TYPE", key})};
        const auto type = co_await client_->run(std::move(question), scope);
        co_return failure(wrong_type(key, type));
    }
    auto counted = count(*replies);
    if (!counted) co_return failure(std::move(counted.error()));
    if (!given_.flag("include_in_flight")) counted->depth.in_flight = Messages{0};
    if (counted->first_waiting.empty()) co_return counted->depth;

    std::vector<RedisCommand> question(1);
    question.front() = {key_, waiting_entries(key_, *counted)};
    const auto entries = co_await client_->run(std::move(question), scope);
    auto depth = complete(std::move(*counted), entries, clock_.now());
    if (!depth) co_return failure(std::move(depth.error()));
    co_return depth;
}

Result<StreamCount> RedisSource::count(const std::vector<RespReply>& replies) const {
    if (type_ == "stream") {
        return count_stream(replies[0], replies[1], given_.text("consumer_group"));
    }
    StreamCount counted;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        if (replies[i].kind == Kind::error) return clients::redis_error(replies[i]);
        const auto count = count_of(&replies[i]);
        if (!count) return misunderstood("the question for its length");
        (i == 0 ? counted.depth.visible : counted.depth.in_flight) = *count;
    }
    return counted;
}

Error RedisSource::failure(Error error) const {
    error.service = "Redis";
    error.message = fmt::format("cannot read {}: {}; {}", name_, error.message,
                                redis_advice(error, given_.flag("tls")));
    return error;
}

Error RedisSource::wrong_type(const std::string& key,
                              const Result<std::vector<RespReply>>& type) const {
    const bool known = type && type->front().kind == Kind::status;
    Error error;
    error.kind = ErrorKind::invalid;
    error.message =
        fmt::format("the key {} holds {}; set {} to what it holds, or name another key", key,
                    known ? fmt::format("a {}", excerpt(type->front().text, 40)) : "something else",
                    key == key_ ? "redis_type" : "processing_type");
    error.code = "WRONGTYPE";
    return error;
}

std::optional<OptionProblem> redis_problem(const Options& given, std::string_view) {
    const bool stream = given.text("redis_type") == "stream";
    if (stream && !given.given("consumer_group")) {
        return OptionProblem{"consumer_group",
                             "a stream needs it: name the group that the workers read with"};
    }
    for (const std::string_view key : {"consumer_group", "processing_key"}) {
        if (given.given(key) && stream != (key == "consumer_group")) {
            return OptionProblem{key, fmt::format("is not for a {}: leave it out, or change "
                                                  "redis_type",
                                                  given.text("redis_type"))};
        }
    }
    for (const std::string_view key : {"min_score", "max_score"}) {
        if (given.given(key) && given.text("redis_type") != "sorted_set") {
            return OptionProblem{key, "is for a sorted_set: leave it out, or change redis_type"};
        }
    }
    if (given.given("username") && !given.given("password")) {
        return OptionProblem{"password", "is missing: username needs one"};
    }
    if (given.given("ca_file") && !given.flag("tls")) {
        return OptionProblem{"tls", "is false, so that ca_file is of no use: set it to true"};
    }
    return std::nullopt;
}

}  // namespace

const QueueKind queues::redis = {
    .name = "redis",
    .options = redis_options,
    .name_of = name_of_key,
    .problem = redis_problem,
    .make = [](const Options& given, QueueContext context) -> std::unique_ptr<QueueSource> {
        return std::make_unique<RedisSource>(given, context);
    }};

}  // namespace fas::adapters
