#include "clients/brokers/brokers.h"

#include <gtest/gtest.h>

#include <memory>

namespace fas::clients {
namespace {

TEST(Brokers, WhoeverAsksForOneServerSharesItsClientWhileItIsInUse) {
    reactor::Reactor reactor;
    reactor::HttpClient http{reactor, reactor::HttpClientOptions{}};
    Brokers brokers;
    int made = 0;
    const auto client_of = [&](const RedisServer& server) {
        return brokers.redis.get(server, [&] {
            ++made;
            return std::make_shared<RedisClient>(reactor, http, server);
        });
    };
    const RedisServer server{.host = "cache"};
    RedisServer as_another_user = server;
    as_another_user.password = Secret("pw");

    auto one = client_of(server);
    EXPECT_EQ(client_of(server), one);
    const auto other = client_of(as_another_user);
    EXPECT_NE(other, one);
    EXPECT_EQ(client_of(as_another_user), other);
    EXPECT_EQ(made, 2);

    one.reset();
    client_of(server);
    EXPECT_EQ(made, 3);
}

}  // namespace
}  // namespace fas::clients
