#include "app/fleet_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "app/settings.h"
#include "app/wiring.h"
#include "reactor/when_all.h"
#include "settings/discovered_settings.h"
#include "settings/document_controls.h"

namespace fas::app {

namespace {

// The last part of "arn:aws:ecs:eu-west-1:123456789012:service/shop/worker".
std::string name_of(std::string_view arn) { return std::string{arn.substr(arn.rfind('/') + 1)}; }

// How many services are asked about at a time, each ten by one call.
constexpr std::size_t described_at_once = 50;

// Whether two look at the same services, with whatever defaults.
bool same_place(const DiscoverySettings& a, const DiscoverySettings& b) {
    return a.clusters == b.clusters && a.defaults.region == b.defaults.region &&
           service_role(a.defaults) == service_role(b.defaults);
}

bool has_place(const std::vector<DiscoverySettings>& discoveries, const std::string& where) {
    return std::ranges::find(discoveries, where, &DiscoverySettings::where) != discoveries.end();
}

}  // namespace

void FleetTargets::set_configuration(FleetSettings settings) {
    std::vector<DiscoverySettings> discoveries = discoveries_of(settings);
    std::vector<Found> found(discoveries.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto same = std::ranges::find_if(
            discoveries_, [&](const auto& old) { return same_place(old, discoveries[i]); });
        if (same == discoveries_.end()) continue;
        found[i] = found_[static_cast<std::size_t>(same - discoveries_.begin())];
    }
    keep_refused(settings);
    for (const RefusedTarget& refused : settings.refused) {
        if (refused.discovery.empty()) continue;
        log_refused(refused, has_place(discoveries, refused.discovery));
    }
    troubles_.keep_only("where", [&discoveries](const std::string& where) {
        return has_place(discoveries, where);
    });
    found_ = std::move(found);
    discoveries_ = std::move(discoveries);
    settings_ = std::move(settings);
    discovered_.clear();
    for (std::size_t i = 0; i < found_.size(); ++i) {
        discovered_.push_back(targets_of(discoveries_[i], found_[i]));
    }
}

// Those of refused ones as they were, under their new controls.
std::vector<DiscoverySettings> FleetTargets::discoveries_of(const FleetSettings& settings) const {
    std::vector<DiscoverySettings> all = settings.discoveries;
    for (const RefusedTarget& refused : settings.refused) {
        const auto known =
            std::ranges::find(discoveries_, refused.discovery, &DiscoverySettings::where);
        if (known == discoveries_.end()) continue;
        all.push_back(*known);
        settings::replace_controls(refused.controls, all.back());
    }
    return all;
}

void FleetTargets::keep_refused(const FleetSettings& settings) {
    std::map<std::string, TargetSettings> before;
    if (!settings.refused.empty()) {
        for (TargetSettings& target : kept_) before.emplace(target_name(target), std::move(target));
        for (TargetSettings& target : settings_.targets) {
            before.emplace(target_name(target), std::move(target));
        }
    }
    for (const TargetSettings& usable : settings.targets) before.erase(target_name(usable));
    kept_.clear();
    for (const RefusedTarget& refused : settings.refused) {
        if (!refused.discovery.empty()) continue;
        auto known = before.extract(refused.name);
        if (known) {
            kept_.push_back(std::move(known.mapped()));
            kept_.back().rules.pause = refused.controls.pause.value_or(scaling::Pause::none);
            kept_.back().rules.hold_at = refused.controls.hold_at;
        }
        log_refused(refused, !known.empty());
    }
}

void FleetTargets::log_refused(const RefusedTarget& refused, bool stays) {
    const bool is_target = refused.discovery.empty();
    for (const Problem& problem : refused.problems) {
        log_.write(LogLevel::error,
                   fmt::format("a {} is unusable as it is configured{}",
                               is_target ? "target" : "discovery",
                               stays ? " now; the old one stays in force, under the new controls"
                                     : ", so it is left out"),
                   {{is_target ? "target" : "where", is_target ? refused.name : refused.discovery},
                    {"problem", describe(problem)}});
    }
}

reactor::Task<void> FleetTargets::discover(AwsAccounts* accounts, reactor::Scope scope) {
    const std::vector<DiscoverySettings> discoveries = discoveries_;
    discovery_failed_ = false;
    for (const DiscoverySettings& discovery : discoveries) {
        const auto place = [this, &discovery] {
            return static_cast<std::size_t>(std::ranges::find(discoveries_, discovery) -
                                            discoveries_.begin());
        };
        if (place() == found_.size()) continue;  // the configuration has changed meanwhile
        const TargetSettings& defaults = discovery.defaults;
        const auto account = accounts->in(defaults.region, service_role(defaults));
        Found found = found_[place()];
        unseen_.clear();
        co_await look(&discovery, account.get(), &found, scope);
        if (!scope.stop.stop_requested()) {
            troubles_.note("where", discovery.where, unseen_, reactor::now());
        }
        if (place() == found_.size()) continue;
        found_[place()] = std::move(found);
        discovered_[place()] = targets_of(discoveries_[place()], found_[place()]);
    }
    log_duplicate_names();
}

// Leaves in `found` what there is, and what could not be seen as it was.
reactor::Task<void> FleetTargets::look(const DiscoverySettings* discovery, AwsAccount* account,
                                       Found* found, reactor::Scope scope) {
    std::vector<std::string> clusters = discovery->clusters;
    if (clusters.empty()) {
        const auto all = co_await account->ecs.list_clusters(scope);
        if (!all) {
            not_seen("the clusters", all.error(), scope);
            co_return;
        }
        for (const std::string& arn : *all) clusters.push_back(name_of(arn));
    }
    std::erase_if(*found, [&clusters](const auto& known) {
        return std::ranges::find(clusters, known.second.cluster) == clusters.end();
    });
    for (const std::string& cluster : clusters) {
        co_await look_at_cluster(account, cluster, found, scope);
    }
}

reactor::Task<void> FleetTargets::look_at_cluster(AwsAccount* account, std::string cluster,
                                                  Found* found, reactor::Scope scope) {
    const auto listed = co_await account->ecs.list_services(cluster, scope);
    if (!listed) {
        not_seen("the services of cluster " + cluster, listed.error(), scope);
        co_return;
    }
    std::erase_if(*found, [&](const auto& known) {
        return known.second.cluster == cluster &&
               std::ranges::find(*listed, known.second.name, name_of) == listed->end();
    });
    for (std::size_t first = 0; first < listed->size(); first += described_at_once) {
        const auto arns = std::span{*listed}.subspan(first).first(
            std::min(described_at_once, listed->size() - first));
        std::vector<reactor::Task<Result<clients::EcsService>>> asked;
        asked.reserve(arns.size());
        for (const std::string& arn : arns) {
            asked.push_back(account->services.describe(cluster, arn, scope));
        }
        const auto services = co_await reactor::when_all(std::move(asked));
        for (std::size_t i = 0; i < services.size(); ++i) {
            const std::string service = name_of(arns[i]);
            const std::string name = fmt::format("{}/{}", cluster, service);
            if (services[i]) {
                const auto& tags = services[i]->tags;
                if (!tags) continue;  // nothing is said of them: as it was
                found->erase(name);
                if (settings::is_enabled(*tags)) {
                    found->emplace(name, Service{cluster, service, *tags});
                }
            } else if (services[i].error().kind == ErrorKind::not_found) {
                found->erase(name);  // it has gone since it was listed
            } else {
                not_seen(fmt::format("the tags of {}", name), services[i].error(), scope);
            }
        }
    }
}

FleetTargets::Targets FleetTargets::targets_of(const DiscoverySettings& discovery,
                                               const Found& found) {
    Targets targets;
    for (const auto& [name, service] : found) {
        const auto bounded = [this, &name](std::string_view key, Tasks most) {
            if (!is_news(fmt::format("{} {} {}", name, key, most.value))) return;
            log_.write(LogLevel::warning,
                       "a service's tag asks for more tasks than max_tasks_by_tag allows",
                       {{"target", name}, {"tag", key}, {"max_tasks_by_tag", most.value}});
        };
        auto settings =
            settings_of_discovered(discovery, service.cluster, service.name, service.tags, bounded);
        if (auto* usable = std::get_if<TargetSettings>(&settings)) {
            targets.emplace(name, std::move(*usable));
            continue;
        }
        for (const Problem& problem : std::get<std::vector<Problem>>(settings)) {
            if (!is_news(name + " " + describe(problem))) continue;
            log_.write(LogLevel::error, "a service's tags are unusable, so it is left out",
                       {{"target", name}, {"problem", describe(problem)}});
        }
    }
    return targets;
}

// A signal that ends the look is no trouble.
void FleetTargets::not_seen(const std::string& what, Error error, const reactor::Scope& scope) {
    discovery_failed_ = true;
    if (scope.stop.stop_requested()) return;
    error.message = fmt::format(
        "services could not be discovered: {} could not be read: {}; those that are known stay in "
        "the fleet",
        what, error.message);
    unseen_.push_back(std::move(error));
}

// What is wrong with a service's tags is found again by each look, and said once.
bool FleetTargets::is_news(const std::string& line) {
    constexpr std::size_t lines_max = 10'000;
    if (said_.size() >= lines_max) said_.clear();
    return said_.insert(line).second;
}

// Reports, and the recorded actions, could not tell them apart.
void FleetTargets::log_duplicate_names() {
    std::map<std::string, const TargetSettings*> first;
    for (const TargetSettings& target : settings_.targets) first[target_name(target)] = &target;
    for (const Targets& found : discovered_) {
        for (const auto& [name, target] : found) {
            const auto [other, is_first] = first.try_emplace(name, &target);
            const TargetSettings& same = *other->second;
            const bool one_service =
                same.region == target.region && service_role(same) == service_role(target);
            if (is_first || one_service || !is_news("double " + name)) continue;
            log_.write(LogLevel::error,
                       fmt::format("{} in {} is left out: a service of that name in {} is in the "
                                   "fleet; list one of them by its ARN",
                                   name, target.region, same.region),
                       {{"target", name}});
        }
    }
}

std::vector<TargetSettings> FleetTargets::targets() const {
    std::vector<TargetSettings> targets;
    std::set<std::string> names;
    const auto add = [&](const TargetSettings& target) {
        if (!shard_.has(target) || !names.insert(target_name(target)).second) return;
        targets.push_back(target);
    };
    std::ranges::for_each(settings_.targets, add);
    std::ranges::for_each(kept_, add);
    for (const Targets& found : discovered_) {
        for (const auto& [name, target] : found) add(target);
    }
    return targets;
}

}  // namespace fas::app
