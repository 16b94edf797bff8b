// Turns settings into an autoscaler: the one place that knows every source, policy, target and
// store by name. A new one of these gets its line in wiring.cpp.
#pragma once

#include <memory>

#include "app/aws_access.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "engine/autoscaler.h"
#include "scaling/policy.h"

namespace fas::app {

// An autoscaler with the clients it uses. The plumbing must outlive it.
class WiredAutoscaler {
  public:
    // Errors: those of AwsAccess::make.
    static Result<std::unique_ptr<WiredAutoscaler>> make(const ProcessSettings& process,
                                                         const TargetSettings& settings,
                                                         Plumbing& plumbing, bool dry_run);

    reactor::Task<engine::CheckReport> check(reactor::Scope scope) {
        return autoscaler_.check(std::move(scope));
    }
    void look_ahead() { autoscaler_.look_ahead(); }

  private:
    WiredAutoscaler(std::unique_ptr<AwsAccess> aws, const TargetSettings& settings,
                    Plumbing& plumbing, bool dry_run);

    std::unique_ptr<AwsAccess> aws_;
    engine::Autoscaler autoscaler_;
};

std::unique_ptr<scaling::Policy> make_policy(const TargetSettings& settings);

}  // namespace fas::app
