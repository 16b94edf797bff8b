// The clients of the servers that an account's queues are on. Queues of one server share its
// client, and so its connections. One thread.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "clients/brokers/kafka.h"
#include "clients/brokers/redis.h"

namespace fas::clients {

template <class Server, class Client>
class SharedClients {
  public:
    // The one of that server that is in use, or else what `make` gives.
    template <class Make>
    std::shared_ptr<Client> get(const Server& server, const Make& make) {
        std::erase_if(known_, [](const Known& one) { return one.client.expired(); });
        const auto found = std::ranges::find(known_, server, &Known::server);
        if (found != known_.end()) return found->client.lock();
        std::shared_ptr<Client> made = make();
        known_.push_back({server, made});
        return made;
    }

  private:
    struct Known {
        Server server;
        std::weak_ptr<Client> client;
    };
    std::vector<Known> known_;
};

// Not shared among accounts: a cluster may know its visitor by the account's keys.
struct Brokers {
    SharedClients<RedisServer, RedisClient> redis;
    SharedClients<KafkaConnection, KafkaCluster> kafka;
};

}  // namespace fas::clients
