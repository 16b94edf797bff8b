#include "app/live_fleet.h"

#include <utility>

namespace fas::app {

Result<std::unique_ptr<LiveFleet>> LiveFleet::make(
    FleetSettings settings, Shard shard, Plumbing& plumbing, bool dry_run,
    std::function<void(const engine::CheckReport&)> report) {
    auto wired = WiredFleet::make(settings.process, plumbing, dry_run, std::move(report));
    if (!wired) return wired.error();
    auto fleet = std::unique_ptr<LiveFleet>{new LiveFleet{std::move(*wired), plumbing}};
    fleet->configure(std::move(settings), shard);
    return fleet;
}

bool LiveFleet::configure(FleetSettings settings, Shard shard) {
    targets_.set_configuration(std::move(settings));
    targets_.set_shard(shard);
    return take_targets();
}

reactor::Task<bool> LiveFleet::discover(reactor::Scope scope) {
    if (configuration().discoveries.empty()) co_return false;
    co_await targets_.discover(&wired_->accounts(), std::move(scope));
    co_return take_targets();
}

}  // namespace fas::app
