// A Redis server, or a cluster of them: commands, and the replies to them, over connections that
// are kept. Commands only read, so they are repeated where that helps. One thread; calls may
// overlap, each on a connection of its own, up to a few: the others wait.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "clients/brokers/resp.h"
#include "reactor/connection.h"
#include "reactor/event.h"
#include "reactor/http_client.h"
#include "reactor/reactor.h"
#include "reactor/scope.h"
#include "reactor/task.h"
#include "reactor/trust_store.h"

namespace fas::clients {

struct RedisServer {
    std::string host;  // a name, or an IP address, without brackets
    int port = 6379;
    bool tls = false;
    std::string username;  // empty: the default user
    Secret password;       // empty: none
    int database = 0;
    std::string ca_file;  // of the authorities to verify it by; empty: the system's

    bool operator==(const RedisServer&) const = default;
};

struct RedisCommand {
    std::string key;    // it is the key's node in a cluster that answers
    std::string bytes;  // encode_command()
};

// What an error reply means, by its code: denied, retryable, or else invalid. The message repeats
// the server's words, but no arguments of a command.
Error redis_error(const RespReply& reply);

class RedisClient {
  public:
    // The reactor, and `http`, whose trust in a ca_file it shares, must outlive the client. Nothing
    // is opened until the first command.
    RedisClient(reactor::Reactor& reactor, reactor::HttpClient& http, RedisServer server);
    ~RedisClient();  // no call may go on
    RedisClient(const RedisClient&) = delete;
    RedisClient& operator=(const RedisClient&) = delete;

    // The replies, in the commands' order, error replies among them; all that one node answers goes
    // out at once. MOVED and ASK are followed, within limits, to servers that are verified by the
    // same trust, over TLS where the first was.
    //
    // Errors: those of reactor::Connection; those of AUTH and SELECT, as redis_error(); invalid
    // "MalformedResponse", "ResponseTooLarge"; retryable "RedirectLoop"; cancelled.
    reactor::Task<Result<std::vector<RespReply>>> run(std::vector<RedisCommand> commands,
                                                      reactor::Scope scope);

  private:
    using Node = reactor::ConnectionTarget;

    class Turn;

    struct Link {
        Node node;
        std::unique_ptr<reactor::Connection> connection;
        SteadyTime used;
    };
    struct Pending {
        std::size_t command;  // its place
        Node node;
        bool asking = false;
        bool remembered = false;  // the node, from an earlier run
    };

    static std::vector<Pending> take_first_nodes(std::vector<Pending>& pending);
    Result<std::optional<Pending>> follow(const RespReply& answer, const Pending& asked,
                                          const std::string& key);

    reactor::Task<Result<std::vector<RespReply>>> exchange(Node node, std::string bytes,
                                                           std::size_t count, reactor::Scope scope);
    reactor::Task<Result<std::vector<RespReply>>> attempt(reactor::Connection* connection,
                                                          std::string bytes, std::size_t own,
                                                          std::size_t count, reactor::Scope scope);
    std::unique_ptr<reactor::Connection> take_kept(const Node& node);
    void keep(const Node& node, std::unique_ptr<reactor::Connection> connection);
    std::string prelude() const;
    std::size_t prelude_size() const;
    Node home_of(const std::string& key) const;

    reactor::Reactor& reactor_;
    reactor::TrustStore& trust_;
    RedisServer server_;
    Node seed_;
    std::map<std::string, Node> homes_;  // of keys that another node than the seed has
    std::vector<Link> kept_;             // not in use
    int running_ = 0;
    reactor::Event ended_;  // a call
};

}  // namespace fas::clients
