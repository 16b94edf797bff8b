// An ECS service, scaled by its desired count.
#pragma once

#include <string>

#include "clients/aws/services/ecs.h"
#include "clients/aws/services/service_batches.h"
#include "engine/scale_target.h"

namespace fas::adapters {

class EcsTarget final : public engine::ScaleTarget {
  public:
    // Both must outlive it. `services` reads it together with others of its cluster.
    EcsTarget(clients::EcsClient& client, clients::ServiceBatches& services, std::string cluster,
              std::string service)
        : client_(client),
          services_(services),
          cluster_(std::move(cluster)),
          service_(std::move(service)) {}

    // An answer that says nothing of tags leaves the controls as they were. Errors besides those of
    // the client: not_found for a service that is not ACTIVE, invalid for
    // one of the DAEMON strategy, whose count ECS sets itself.
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope scope) override;
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope scope) override;
    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope scope) override;

  private:
    scaling::Controls controls_by(const std::optional<std::vector<clients::ControlTag>>& tags);
    Error explain(Error error, std::string_view what) const;

    clients::EcsClient& client_;
    clients::ServiceBatches& services_;
    std::string cluster_;
    std::string service_;
    scaling::Controls controls_;  // as tags told them last
};

}  // namespace fas::adapters
