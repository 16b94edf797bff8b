// Which targets there are: those that the configuration lists, and those that are discovered by
// their tags; of all of them, this process's share. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/aws_accounts.h"
#include "app/settings.h"
#include "app/shard.h"
#include "app/trouble_log.h"
#include "base/log.h"
#include "clients/aws/control_tag.h"
#include "engine/autoscaler.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::app {

// Whether it is a fleet or one target alone, and which share of it is this process's.
struct FleetShape {
    bool listed = false;
    Shard shard;

    // A fleet's targets read their state only to act.
    engine::StateRead state_read() const {
        return listed ? engine::StateRead::when_needed : engine::StateRead::with_first_reading;
    }

    bool operator==(const FleetShape&) const = default;
};

class FleetTargets {
  public:
    FleetTargets(Logger& log, TroubleLog& troubles) : log_(log), troubles_(troubles) {}

    // What was found at a place that is still looked at stays known until the next look, and
    // becomes a target as it is configured now. A target or a discovery that the new configuration
    // has, but not usably, goes on as it was, under its new controls; the log says so.
    void set_configuration(FleetSettings settings);
    const FleetSettings& configuration() const { return settings_; }

    void set_shard(Shard shard) { shard_ = shard; }
    Shard shard() const { return shard_; }

    // Whether there is any place to look for services at.
    bool discovers() const { return !discoveries_.empty(); }

    // Looks for services by their tags. What cannot be seen stays as it was known, a cluster or a
    // service, and the log says so: nothing is given up because it could not be seen. A service
    // whose tags are unusable is left out, and the log says why.
    reactor::Task<void> discover(AwsAccounts* accounts, reactor::Scope scope);

    // Whether the last look did not see everything.
    bool discovery_failed() const { return discovery_failed_; }

    // In the order of the configuration; a service that is both listed and discovered is as it is
    // listed.
    std::vector<TargetSettings> targets() const;

    FleetShape shape() const { return {settings_.listed, shard_}; }

  private:
    // A service that says by its tags that it is to be a target.
    struct Service {
        std::string cluster;
        std::string name;
        std::vector<clients::ControlTag> tags;
    };
    using Found = std::map<std::string, Service>;           // by "cluster/service"
    using Targets = std::map<std::string, TargetSettings>;  // by the same

    reactor::Task<void> look(const DiscoverySettings* discovery, AwsAccount* account, Found* found,
                             reactor::Scope scope);
    reactor::Task<void> look_at_cluster(AwsAccount* account, std::string cluster, Found* found,
                                        reactor::Scope scope);
    Targets targets_of(const DiscoverySettings& discovery, const Found& found);
    void keep_refused(const FleetSettings& settings);
    std::vector<DiscoverySettings> discoveries_of(const FleetSettings& settings) const;
    void log_refused(const RefusedTarget& refused, bool stays);
    void not_seen(const std::string& what, Error error, const reactor::Scope& scope);
    bool is_news(const std::string& line);
    void log_duplicate_names();

    Logger& log_;
    TroubleLog& troubles_;
    std::vector<Error> unseen_;   // by the present look
    std::set<std::string> said_;  // of what each look finds again
    FleetSettings settings_;
    Shard shard_;
    std::vector<DiscoverySettings> discoveries_;  // those of the settings, and of refused ones
    std::vector<Found> found_;                    // by each of the discoveries
    std::vector<Targets> discovered_;             // of what each has found
    std::vector<TargetSettings> kept_;  // of those that the configuration has, but not usably
    bool discovery_failed_ = false;
};

}  // namespace fas::app
