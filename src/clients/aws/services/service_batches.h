// Asks ECS about services for many callers: what is asked in the same turn of the event loop goes
// out together, as one DescribeServices for each ten services of a cluster.
//
// One service's trouble stays its own. When a call for several fails as a whole for a reason that
// may be one service's (a right that is missing for it, a name that ECS does not accept, a cluster
// that is gone), each of them is asked about alone, at once; those that fail alone go on being
// asked alone until that succeeds, so that the others' calls stay whole. One thread.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "clients/aws/services/ecs.h"
#include "reactor/background.h"
#include "reactor/event.h"
#include "reactor/reactor.h"

namespace fas::clients {

class ServiceBatches {
  public:
    // Both must outlive it. It may be destroyed while ECS is being asked, but not during a
    // describe(). A call gets `call_limit`: by default more than its attempts and their pauses take
    // where ECS answers at all.
    ServiceBatches(EcsClient& client, reactor::Reactor& reactor,
                   Milliseconds call_limit = Milliseconds{30'000});
    ~ServiceBatches();

    // What ECS says of a service; both may be given by name or by ARN. Who asks about the same
    // service in the same turn, in the same words, shares the answer. Errors: those of
    // EcsClient::describe_services, of the call or of the service alone; retryable
    // "DescribeTimeout" when ECS does not answer within the limit; cancelled, when the caller's
    // scope ends first, which the others do not notice.
    reactor::Task<Result<EcsService>> describe(std::string cluster, std::string service,
                                               reactor::Scope scope);

  private:
    struct Batch;
    using SharedBatch = std::shared_ptr<Batch>;
    // A cluster, and the service that is asked about alone; empty: the cluster's others together.
    using Company = std::pair<std::string, std::string>;

    class Place;
    Place join(const std::string& cluster, const std::string& service);
    void send(SharedBatch batch);
    reactor::Task<void> send_collected();
    reactor::Scope scope_of(const Batch& batch) const;
    reactor::Task<void> ask(SharedBatch batch);
    reactor::Task<void> ask_each_alone(SharedBatch batch);
    void remember(const std::string& cluster, const std::string& service, bool alone);

    EcsClient& client_;
    reactor::Reactor& reactor_;
    Milliseconds call_limit_;
    std::map<Company, SharedBatch> collected_;  // not sent yet
    std::set<Company> asked_alone_;
    reactor::Background next_turn_;             // sends what was collected
    std::list<reactor::Background> under_way_;  // finished ones go when the next is sent
};

}  // namespace fas::clients
