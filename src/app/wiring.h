// Turns settings into autoscalers. Policies are known here by name; queues, targets and stores make
// themselves (adapters/queues/kinds.h and its like).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "adapters/stores/versioned_store.h"
#include "app/aws_accounts.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "clients/brokers/brokers.h"
#include "engine/fleet.h"
#include "scaling/judge.h"

namespace fas::app {

class Wiring {
  public:
    // The accounts and the plumbing must outlive it, and it what it makes. With dry_run nothing is
    // ever written.
    Wiring(AwsAccounts& accounts, Plumbing& plumbing, bool dry_run)
        : accounts_(accounts), plumbing_(plumbing), dry_run_(dry_run) {}

    // Targets of one queue share its readings.
    engine::Target target(const TargetSettings& settings, engine::StateRead state_read);
    std::shared_ptr<engine::FleetMember> member(engine::Target target);

    // The folder of that identity in the store that keeps the target's state.
    std::unique_ptr<adapters::VersionedStore> store(const TargetSettings& settings,
                                                    adapters::TargetIdentity folder);

    // Queues whose last target has gone, and accounts that nothing uses any more.
    void forget_unused_queues();
    void forget_unused_accounts();

  private:
    std::shared_ptr<engine::SharedQueue> queue(const QueueSettings& settings,
                                               const std::shared_ptr<AwsAccount>& account);
    engine::TargetQueues queues(const TargetSettings& settings);

    AwsAccounts& accounts_;
    Plumbing& plumbing_;
    bool dry_run_;
    std::map<AwsAccount*, clients::Brokers> brokers_;
    // By the account that reads them. They live as long as a target needs them.
    std::map<std::pair<AwsAccount*, QueueSettings>, std::weak_ptr<engine::SharedQueue>> queues_;
};

scaling::Mind mind_of(const TargetSettings& settings);

// Whose keys read the queue, and whose the service.
AwsRole queue_role(const TargetSettings& settings);
AwsRole service_role(const TargetSettings& settings);

}  // namespace fas::app
