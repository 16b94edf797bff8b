#include "clients/brokers/redis.h"

#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reactor/when_all.h"
#include "tests/clients/brokers/redis_fixture.h"

namespace fas::clients {
namespace {

using test::answering_redis;
using test::Gate;
using test::read_redis_command;
using test::TestCertificate;
using test::TestConnection;
using test::TestServer;
using Replies = Result<std::vector<RespReply>>;

// "5 | text | -ERR ..." or "(code) message".
std::string text_of(const Replies& replies) {
    if (!replies) return "(" + replies.error().code + ") " + replies.error().message;
    std::string all;
    for (const RespReply& reply : *replies) {
        if (!all.empty()) all += " | ";
        if (reply.kind == RespReply::Kind::integer) all += std::to_string(reply.integer);
        if (reply.kind == RespReply::Kind::error) all += "-";
        all += reply.text;
    }
    return all;
}

RedisCommand length_of(const std::string& key) { return {key, encode_command({"LLEN", key})}; }

std::string moved_to(const TestServer& server, const std::string& code = "MOVED") {
    return "-" + code + " 42 " + server.name() + "\r\n";
}

class RedisClientTest : public testing::Test {
  protected:
    RedisServer at(const TestServer& server) {
        RedisServer to;
        to.host = "127.0.0.1";
        to.port = server.port();
        return to;
    }
    Replies run(RedisClient& client, std::vector<RedisCommand> commands,
                reactor::Scope scope = {}) {
        return reactor_.run(client.run(std::move(commands), std::move(scope)));
    }
    Replies run(const RedisServer& server, std::vector<RedisCommand> commands) {
        RedisClient client(reactor_, http_, server);
        return run(client, std::move(commands));
    }

    reactor::Reactor reactor_;
    const TestCertificate certificate_;
    reactor::HttpClient http_{reactor_, reactor::HttpClientOptions{}};
};

TEST_F(RedisClientTest, SendsAllAtOnceOverOneConnectionThatIsKept) {
    // Answers only when both have come.
    const TestServer server([](TestConnection& connection) {
        for (;;) {
            const auto first = read_redis_command(connection);
            const auto second = read_redis_command(connection);
            if (!first || !second) return;
            EXPECT_EQ(*first + ", " + *second, "LLEN a, LLEN b");
            connection.send(":1\r\n:2\r\n");
        }
    });
    RedisClient client(reactor_, http_, at(server));
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(text_of(run(client, {length_of("a"), length_of("b")})), "1 | 2");
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(RedisClientTest, BeginsWithAuthAndSelect) {
    std::vector<std::string> commands;
    const TestServer server(answering_redis([&](const std::string& command) {
        commands.push_back(command);
        return command.starts_with("LLEN") ? ":7\r\n" : "+OK\r\n";
    }));
    RedisServer to = at(server);
    to.password = Secret("pass word");
    to.database = 3;
    EXPECT_EQ(text_of(run(to, {length_of("a")})), "7");
    to.username = "reader";
    EXPECT_EQ(text_of(run(to, {length_of("a")})), "7");
    EXPECT_THAT(commands, testing::ElementsAre("AUTH pass word", "SELECT 3", "LLEN a",
                                               "AUTH reader pass word", "SELECT 3", "LLEN a"));
}

TEST_F(RedisClientTest, TellsWhatAnErrorMeans) {
    const std::vector<std::pair<std::string, ErrorKind>> cases{
        {"NOAUTH Authentication required.", ErrorKind::denied},
        {"WRONGPASS invalid username-password pair", ErrorKind::denied},
        {"NOPERM this user has no permissions", ErrorKind::denied},
        {"DENIED Redis is running in protected mode", ErrorKind::denied},
        {"ERR invalid password", ErrorKind::denied},
        {"LOADING Redis is loading the dataset in memory", ErrorKind::retryable},
        {"BUSY Redis is busy running a script", ErrorKind::retryable},
        {"MASTERDOWN Link with MASTER is down", ErrorKind::retryable},
        {"TRYAGAIN Multiple keys request during rehashing", ErrorKind::retryable},
        {"CLUSTERDOWN Hash slot not served", ErrorKind::retryable},
        {"ERR max number of clients reached", ErrorKind::retryable},
        {"WRONGTYPE Operation against a key", ErrorKind::invalid},
        {"ERR something else", ErrorKind::invalid},
    };
    for (const auto& [text, kind] : cases) {
        const Error error = redis_error({.kind = RespReply::Kind::error, .text = text});
        EXPECT_EQ(error.kind, kind) << text;
        EXPECT_EQ(error.message, text);
        EXPECT_EQ(error.code, text.substr(0, text.find(' ')));
    }
    const RespReply empty{.kind = RespReply::Kind::error};
    EXPECT_EQ(redis_error(empty).message, "an error without words");
}

TEST_F(RedisClientTest, AnErrorNeverRepeatsAPassword) {
    const TestServer server(answering_redis({
        {"AUTH hunter2", "-ERR unknown command 'AUTH', with args beginning with: 'hunter2' \r\n"},
        {"LLEN a", ":1\r\n"},
    }));
    RedisServer to = at(server);
    to.password = Secret("hunter2");
    EXPECT_EQ(text_of(run(to, {length_of("a")})), "(ERR) ERR unknown command 'AUTH'");
}

TEST_F(RedisClientTest, RepliesAreGivenWhetherErrorsOrNot) {
    const TestServer server(answering_redis({{"LLEN b", ":2\r\n"}}));
    EXPECT_EQ(text_of(run(at(server), {length_of("a"), length_of("b")})),
              "-ERR unexpected LLEN a | 2");
}

TEST_F(RedisClientTest, ReplacesAKeptConnectionThatWasClosedOnce) {
    std::atomic<int> answered = 0;
    const TestServer server([&](TestConnection& connection) {
        // One answer for each connection; the end comes with the next command, or at once.
        if (!read_redis_command(connection)) return;
        connection.send(":" + std::to_string(++answered) + "\r\n");
        if (answered == 1) read_redis_command(connection);
        if (answered == 2) connection.reset();
    });
    RedisClient client(reactor_, http_, at(server));
    for (int i = 1; i <= 3; ++i) {
        EXPECT_EQ(text_of(run(client, {length_of("a")})), std::to_string(i));
    }
    EXPECT_EQ(server.connections(), 3);
}

TEST_F(RedisClientTest, DoesNotRepeatOnANewConnection) {
    const TestServer server([&](TestConnection& connection) { read_redis_command(connection); });
    const auto replies = run(at(server), {length_of("a")});
    EXPECT_EQ(text_of(replies),
              "(ConnectionLost) the server closed the connection without a complete answer");
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(RedisClientTest, TellsWhatTheServerSaidBeforeItClosed) {
    const TestServer server([&](TestConnection& connection) {
        connection.send("-ERR max number of clients reached\r\n");
        connection.close_sending_side();
        connection.wait_until_client_closes();
    });
    const auto replies = run(at(server), {length_of("a"), length_of("b")});
    EXPECT_EQ(text_of(replies), "(ERR) ERR max number of clients reached");
    EXPECT_EQ(replies.error().kind, ErrorKind::retryable);
}

TEST_F(RedisClientTest, RefusesWhatIsNoRedis) {
    const TestServer server([&](TestConnection& connection) {
        connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        connection.wait_until_client_closes();
    });
    EXPECT_EQ(text_of(run(at(server), {length_of("a")})),
              "(MalformedResponse) a reply is not in Redis's protocol");
}

TEST_F(RedisClientTest, FollowsMovedAndRemembersTheNode) {
    const TestServer home(answering_redis({{"LLEN a", ":5\r\n"}}));
    std::atomic<int> asked = 0;
    const TestServer seed(answering_redis([&](const std::string& command) {
        ++asked;
        return command == "LLEN a" ? moved_to(home) : ":6\r\n";
    }));
    RedisClient client(reactor_, http_, at(seed));
    EXPECT_EQ(text_of(run(client, {length_of("a"), length_of("b")})), "5 | 6");
    EXPECT_EQ(text_of(run(client, {length_of("a"), length_of("b")})), "5 | 6");
    EXPECT_EQ(asked, 3);  // the second time, not for a
    EXPECT_EQ(home.connections(), 1);
}

TEST_F(RedisClientTest, FollowsAskForTheOneCommand) {
    std::vector<std::string> commands;
    const TestServer importing(answering_redis([&](const std::string& command) {
        commands.push_back(command);
        return command == "ASKING" ? "+OK\r\n" : ":5\r\n";
    }));
    std::atomic<int> asked = 0;
    const TestServer seed(answering_redis([&](const std::string&) {
        ++asked;
        return moved_to(importing, "ASK");
    }));
    RedisClient client(reactor_, http_, at(seed));
    EXPECT_EQ(text_of(run(client, {length_of("a")})), "5");
    EXPECT_EQ(text_of(run(client, {length_of("a")})), "5");
    EXPECT_EQ(asked, 2);
    EXPECT_THAT(commands, testing::ElementsAre("ASKING", "LLEN a", "ASKING", "LLEN a"));
}

TEST_F(RedisClientTest, ARedirectWithoutAHostIsToTheSameHost) {
    const TestServer home(answering_redis({{"LLEN a", ":5\r\n"}}));
    for (const std::string host : {"", "?"}) {
        const TestServer seed(answering_redis([&](const std::string&) {
            return "-MOVED 42 " + host + ":" + std::to_string(home.port()) + "\r\n";
        }));
        EXPECT_EQ(text_of(run(at(seed), {length_of("a")})), "5");
    }
}

TEST_F(RedisClientTest, ANodeThatIsLostIsAskedForAgain) {
    auto home = std::make_unique<TestServer>(answering_redis({{"LLEN a", ":5\r\n"}}));
    const TestServer other(answering_redis({{"LLEN a", ":8\r\n"}}));
    std::atomic<const TestServer*> owner = home.get();
    const TestServer seed(
        answering_redis([&](const std::string&) { return moved_to(*owner.load()); }));
    RedisClient client(reactor_, http_, at(seed));
    EXPECT_EQ(text_of(run(client, {length_of("a")})), "5");
    owner = &other;
    home.reset();
    EXPECT_EQ(text_of(run(client, {length_of("a")})), "8");
}

TEST_F(RedisClientTest, RedirectsEndSomewhere) {
    const TestServer* self = nullptr;
    const TestServer server(answering_redis([&](const std::string&) { return moved_to(*self); }));
    self = &server;
    const auto circle = run(at(server), {length_of("a")});
    EXPECT_EQ(circle.error().code, "RedirectLoop");
    EXPECT_EQ(circle.error().kind, ErrorKind::retryable);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(RedisClientTest, RefusesRedirectsToNowhere) {
    for (const char* const target :
         {"MOVED", "MOVED 42", "MOVED 42 host", "MOVED 42 host:0", "MOVED 42 host:65536",
          "MOVED 42 host:1x", "MOVED 42 a host:1", "MOVED 42 ho/st:1", "ASK 42 user:pw@host:1"}) {
        const TestServer server(answering_redis(
            [&](const std::string&) { return "-" + std::string(target) + "\r\n"; }));
        const auto replies = run(at(server), {length_of("a")});
        ASSERT_FALSE(replies) << target;
        EXPECT_EQ(replies.error().kind, ErrorKind::invalid) << target;
    }
}

// The password goes nowhere where the first server's would not have gone.
TEST_F(RedisClientTest, ARedirectKeepsToTlsAndItsTrust) {
    const TestCertificate foreign;
    const TestServer trusted(answering_redis({{"AUTH pw", "+OK\r\n"}, {"LLEN a", ":5\r\n"}}),
                             &certificate_);
    const TestServer distrusted(answering_redis({{"AUTH pw", "+OK\r\n"}, {"LLEN a", ":5\r\n"}}),
                                &foreign);
    const TestServer plain([&](TestConnection& connection) {
        connection.send("-ERR not TLS\r\n");
        connection.wait_until_client_closes();
    });
    const std::vector<std::pair<const TestServer*, std::string>> cases{
        {&trusted, ""}, {&distrusted, "CertificateNotTrusted"}, {&plain, "TlsFailed"}};
    for (const auto& [target, code] : cases) {
        const TestServer seed(answering_redis([&](const std::string& command) {
                                  return command == "AUTH pw" ? "+OK\r\n" : moved_to(*target);
                              }),
                              &certificate_);
        RedisServer to = at(seed);
        to.tls = true;
        to.ca_file = certificate_.file();
        to.password = Secret("pw");
        const auto replies = run(to, {length_of("a")});
        EXPECT_EQ(replies ? "" : replies.error().code, code) << text_of(replies);
    }
}

TEST_F(RedisClientTest, CallsOverlapEachOnItsOwnConnection) {
    const TestServer server(answering_redis(
        [](const std::string& command) { return command == "LLEN a" ? ":1\r\n" : ":2\r\n"; }));
    RedisClient client(reactor_, http_, at(server));
    const auto [a, b] = reactor_.run(when_all(client.run({length_of("a")}, reactor::Scope()),
                                              client.run({length_of("b")}, reactor::Scope())));
    EXPECT_EQ(text_of(a), "1");
    EXPECT_EQ(text_of(b), "2");
    EXPECT_EQ(server.connections(), 2);
}

TEST_F(RedisClientTest, TooManyCallsWaitForTheOthers) {
    test::Gate all_but_one(16);
    test::Gate may_answer;
    const TestServer server([&](TestConnection& connection) {
        while (read_redis_command(connection)) {
            all_but_one.reach();
            if (!may_answer.wait() || !connection.send(":1\r\n")) return;
        }
    });
    RedisClient client(reactor_, http_, at(server));
    std::vector<reactor::Task<Replies>> calls;
    for (int i = 0; i < 40; ++i) calls.push_back(client.run({length_of("a")}, reactor::Scope()));
    std::thread opener([&] {
        EXPECT_TRUE(all_but_one.wait());
        may_answer.reach();
    });
    for (const Replies& replies : reactor_.run(when_all(std::move(calls)))) {
        EXPECT_EQ(text_of(replies), "1");
    }
    opener.join();
    EXPECT_EQ(server.connections(), 16);
}

TEST_F(RedisClientTest, AnAnswerThatComesTooLateIsNeverTheNextOnes) {
    Gate asked;
    // It answers "a" when the next command comes, if one ever does on that connection.
    const TestServer server([&asked](TestConnection& connection) {
        std::string late;
        while (const auto command = read_redis_command(connection)) {
            if (*command == "LLEN a") {
                late = ":1\r\n";
                asked.reach();
            } else {
                connection.send(late + ":2\r\n");
            }
        }
    });
    RedisClient client(reactor_, http_, at(server));
    // A busy machine may not come as far as that in a short time.
    for (Milliseconds limit(20); !asked.open(); limit *= 2) {
        const auto late = run(client, {length_of("a")}, reactor::Scope().within(limit));
        EXPECT_EQ(late.error().kind, ErrorKind::cancelled);
    }
    EXPECT_EQ(text_of(run(client, {length_of("b")})), "2");
}

}  // namespace
}  // namespace fas::clients
