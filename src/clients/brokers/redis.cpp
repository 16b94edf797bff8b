#include "clients/brokers/redis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/excerpt.h"
#include "base/parse_number.h"

namespace fas::clients {

namespace {

// A stream's group is 200 bytes of XINFO GROUPS; entries can be large.
constexpr std::size_t reply_bytes_max = std::size_t{4} << 20U;
constexpr std::size_t read_bytes_max = 65536;
// A round asks one node. Two keys, each moved, and moved on while it is asked for, are four.
constexpr int rounds_max = 8;
// Of all calls, however many queues are on one server.
constexpr int connections_max = 16;
// A connection that was idle for longer may be dead, and nobody told this end: a firewall has
// forgotten it, or the process was frozen.
constexpr std::chrono::seconds idle_max{30};

using Replies = std::vector<RespReply>;

Error redis_failure(ErrorKind kind, std::string_view code, std::string message) {
    return make_error(kind, code, std::move(message), "Redis");
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

bool has_code(const RespReply& reply, std::string_view code) {
    return reply.kind == RespReply::Kind::error && first_word(reply.text) == code;
}

// Of "MOVED 3999 127.0.0.1:6381", or of ASK. No host is the host that was asked.
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#moved-redirection
std::optional<reactor::ConnectionTarget> redirected(const RespReply& reply,
                                                    const reactor::ConnectionTarget& asked) {
    const std::string_view text = reply.text;
    const std::size_t address = text.rfind(' ') + 1;
    const std::size_t colon = text.rfind(':');
    if (std::ranges::count(text, ' ') != 2 || colon == std::string_view::npos || colon < address) {
        return std::nullopt;
    }
    reactor::ConnectionTarget node = asked;
    const std::string_view host = text.substr(address, colon - address);
    if (!host.empty() && host != "?") node.host = host;
    node.port = parse_number<int>(text.substr(colon + 1)).value_or(0);
    if (node.port < 1 || node.port > 65535) return std::nullopt;
    return node;
}

// What the server said before it ended the connection says more than that end: too many clients,
// or protected mode.
Error told_or(const Replies& replies, Error lost) {
    const bool told = !replies.empty() && replies.back().kind == RespReply::Kind::error;
    return told ? redis_error(replies.back()) : std::move(lost);
}

}  // namespace

Error redis_error(const RespReply& reply) {
    struct Meaning {
        std::string_view code;
        ErrorKind kind;
    };
    static constexpr std::array meanings{
        Meaning{"NOAUTH", ErrorKind::denied},         Meaning{"WRONGPASS", ErrorKind::denied},
        Meaning{"NOPERM", ErrorKind::denied},         Meaning{"DENIED", ErrorKind::denied},
        Meaning{"LOADING", ErrorKind::retryable},     Meaning{"BUSY", ErrorKind::retryable},
        Meaning{"MASTERDOWN", ErrorKind::retryable},  Meaning{"TRYAGAIN", ErrorKind::retryable},
        Meaning{"CLUSTERDOWN", ErrorKind::retryable},
    };
    // "ERR unknown command 'AUTH', with args beginning with: ..." would tell a password.
    constexpr std::size_t shown_max = 200;
    std::string_view text = reply.text;
    text = excerpt(text.substr(0, text.find(", with args")), shown_max);
    const std::string_view code = first_word(text);
    const auto* const known = std::ranges::find(meanings, code, &Meaning::code);
    ErrorKind kind = known == meanings.end() ? ErrorKind::invalid : known->kind;
    if (text.starts_with("ERR max number of clients")) kind = ErrorKind::retryable;
    if (text.starts_with("ERR invalid password")) kind = ErrorKind::denied;  // before Redis 6
    return redis_failure(kind, code, text.empty() ? "an error without words" : std::string(text));
}

// A call's place among those that go on at once.
class RedisClient::Turn {
  public:
    explicit Turn(RedisClient& client) : client_(client) { ++client_.running_; }
    ~Turn() {
        --client_.running_;
        client_.ended_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    RedisClient& client_;
};

RedisClient::RedisClient(reactor::Reactor& reactor, reactor::HttpClient& http, RedisServer server)
    : reactor_(reactor),
      trust_(http.trust(server.ca_file)),
      server_(std::move(server)),
      seed_{.host = server_.host, .port = server_.port, .tls = server_.tls},
      ended_(reactor) {}

RedisClient::~RedisClient() = default;

RedisClient::Node RedisClient::home_of(const std::string& key) const {
    const auto found = homes_.find(key);
    return found == homes_.end() ? seed_ : found->second;
}

reactor::Task<Result<Replies>> RedisClient::run(std::vector<RedisCommand> commands,
                                                reactor::Scope scope) {
    while (running_ >= connections_max) {
        auto ended = co_await ended_.wait(scope);
        if (!ended) co_return ended.error();
    }
    const Turn turn(*this);
    Replies replies(commands.size());
    std::vector<Pending> pending;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const Node node = home_of(commands[i].key);
        pending.push_back({.command = i, .node = node, .remembered = node != seed_});
    }
    for (int round = 0; !pending.empty(); ++round) {
        if (round == rounds_max) {
            co_return redis_failure(ErrorKind::retryable, "RedirectLoop",
                                    "the cluster's nodes send from one to another without an end");
        }
        const std::vector<Pending> asked = take_first_nodes(pending);
        const Node node = asked.front().node;
        std::string bytes;
        std::size_t count = 0;
        for (const Pending& one : asked) {
            if (one.asking) bytes += encode_command({"ASKING"});
            bytes += commands[one.command].bytes;
            count += one.asking ? 2 : 1;
        }
        auto answers = co_await exchange(node, std::move(bytes), count, scope);
        if (!answers) {
            std::erase_if(homes_, [&node](const auto& home) { return home.second == node; });
            if (!asked.front().remembered || scope.over()) co_return answers.error();
            // The cluster may have lost it. The seed knows whose its keys are now.
            for (const Pending& one : asked) pending.push_back({one.command, seed_});
            continue;
        }
        RespReply* answer = answers->data();
        for (const Pending& one : asked) {
            if (one.asking) ++answer;  // the one to ASKING
            auto next = follow(*answer, one, commands[one.command].key);
            if (!next) co_return next.error();
            if (*next) {
                pending.push_back(std::move(**next));
            } else {
                replies[one.command] = std::move(*answer);
            }
            ++answer;
        }
    }
    co_return std::move(replies);
}

// All of what is pending that goes to the first one's node.
std::vector<RedisClient::Pending> RedisClient::take_first_nodes(std::vector<Pending>& pending) {
    const Node node = pending.front().node;
    std::vector<Pending> taken;
    std::vector<Pending> left;
    for (Pending& one : pending) (one.node == node ? taken : left).push_back(std::move(one));
    pending = std::move(left);
    return taken;
}

// Where an answer sends a command, if it does.
Result<std::optional<RedisClient::Pending>> RedisClient::follow(const RespReply& answer,
                                                                const Pending& asked,
                                                                const std::string& key) {
    const bool moved = has_code(answer, "MOVED");
    if (!moved && !has_code(answer, "ASK")) return std::optional<Pending>();
    const auto to = redirected(answer, asked.node);
    if (!to) {
        return redis_failure(
            ErrorKind::invalid, "MalformedResponse",
            fmt::format("{} sends to another node without naming it", name_of(asked.node)));
    }
    if (moved) homes_.insert_or_assign(key, *to);
    return std::optional<Pending>({.command = asked.command, .node = *to, .asking = !moved});
}

// What a new connection begins with.
std::string RedisClient::prelude() const {
    std::string bytes;
    const std::string& password = server_.password.reveal();
    if (!password.empty()) {
        bytes = server_.username.empty() ? encode_command({"AUTH", password})
                                         : encode_command({"AUTH", server_.username, password});
    }
    if (server_.database != 0) {
        bytes += encode_command({"SELECT", std::to_string(server_.database)});
    }
    return bytes;
}

std::size_t RedisClient::prelude_size() const {
    return (server_.password.empty() ? 0U : 1U) + (server_.database == 0 ? 0U : 1U);
}

// The replies to `count` commands, of a kept connection or of a new one. A connection goes back to
// the kept ones only after it has answered in full, so that no reply is ever taken for another's.
reactor::Task<Result<Replies>> RedisClient::exchange(Node node, std::string bytes,
                                                     std::size_t count, reactor::Scope scope) {
    if (auto kept = take_kept(node)) {
        auto replies = co_await attempt(kept.get(), bytes, 0, count, scope);
        const bool stale = !replies && replies.error().code == "ConnectionLost";
        if (replies) keep(node, std::move(kept));
        if (!stale) co_return std::move(replies);
        // The server closed it meanwhile, and any other that is as old.
        std::erase_if(kept_, [&node](const Link& link) { return link.node == node; });
    }
    auto connection = std::make_unique<reactor::Connection>(reactor_, trust_, node);
    auto opened = co_await connection->open(scope);
    if (!opened) co_return opened.error();

    bytes.insert(0, prelude());
    auto replies =
        co_await attempt(connection.get(), std::move(bytes), prelude_size(), count, scope);
    if (replies) keep(node, std::move(connection));
    co_return std::move(replies);
}

// `own`: how many replies come first, to commands of the client's own.
reactor::Task<Result<Replies>> RedisClient::attempt(reactor::Connection* connection,
                                                    std::string bytes, std::size_t own,
                                                    std::size_t count, reactor::Scope scope) {
    Replies replies;
    auto written = co_await connection->write(std::move(bytes), scope);
    if (!written) co_return written.error();
    RespReader reader(reply_bytes_max);
    while (replies.size() < count) {
        auto reply = reader.next();
        if (!reply) {
            reply.error().service = "Redis";
            co_return reply.error();
        }
        if (*reply && own > 0) {
            if ((*reply)->kind == RespReply::Kind::error) co_return redis_error(**reply);
            --own;
            continue;
        }
        if (*reply) {
            replies.push_back(std::move(**reply));
            continue;
        }
        auto read = co_await connection->read(read_bytes_max, scope);
        if (!read) co_return told_or(replies, read.error());
        if (read->empty()) {
            Error lost =
                redis_failure(ErrorKind::retryable, "ConnectionLost",
                              "the server closed the connection without a complete answer");
            co_return told_or(replies, std::move(lost));
        }
        reader.add(*read);
    }
    co_return std::move(replies);
}

std::unique_ptr<reactor::Connection> RedisClient::take_kept(const Node& node) {
    const SteadyTime oldest = reactor::now() - idle_max;
    std::erase_if(kept_, [oldest](const Link& link) { return link.used < oldest; });
    const auto found = std::ranges::find(kept_, node, &Link::node);
    if (found == kept_.end()) return nullptr;
    std::unique_ptr<reactor::Connection> connection = std::move(found->connection);
    kept_.erase(found);
    return connection;
}

void RedisClient::keep(const Node& node, std::unique_ptr<reactor::Connection> connection) {
    if (kept_.size() == connections_max) kept_.erase(kept_.begin());
    kept_.push_back({node, std::move(connection), reactor::now()});
}

}  // namespace fas::clients
