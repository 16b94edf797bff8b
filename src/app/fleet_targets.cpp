#include "app/fleet_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "app/discovered_settings.h"
#include "app/read_settings.h"
#include "app/wiring.h"
#include "reactor/when_all.h"

namespace fas::app {

namespace {

// The last part of "arn:aws:ecs:eu-west-1:123456789012:service/shop/worker".
std::string name_of(std::string_view arn) { return std::string{arn.substr(arn.rfind('/') + 1)}; }

// How many services are asked about at a time, each ten by one call.
constexpr std::size_t described_at_once = 50;

std::vector<Tag> tags_of(const clients::EcsService& service) {
    std::vector<Tag> tags;
    for (const auto& tag : service.tags) tags.emplace_back(tag.key, tag.value);
    return tags;
}

}  // namespace

void FleetTargets::set_configuration(FleetSettings settings) {
    std::vector<Found> found(settings.discoveries.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto same = std::ranges::find(settings_.discoveries, settings.discoveries[i]);
        if (same == settings_.discoveries.end()) continue;
        found[i] = found_[static_cast<std::size_t>(same - settings_.discoveries.begin())];
    }
    found_ = std::move(found);
    settings_ = std::move(settings);
}

reactor::Task<void> FleetTargets::discover(AwsAccounts* accounts, reactor::Scope scope) {
    const std::vector<DiscoverySettings> discoveries = settings_.discoveries;
    discovery_failed_ = false;
    for (const DiscoverySettings& discovery : discoveries) {
        const TargetSettings& defaults = discovery.defaults;
        AwsAccount* account = &accounts->in(defaults.region, service_role(defaults));
        auto found = co_await find(&discovery, account, scope);
        const auto same = std::ranges::find(settings_.discoveries, discovery);
        if (same == settings_.discoveries.end()) continue;  // the configuration changed meanwhile
        auto& place = found_[static_cast<std::size_t>(same - settings_.discoveries.begin())];
        if (found) {
            place = std::move(*found);
            continue;
        }
        discovery_failed_ = true;
        log_.write(LogLevel::error,
                   fmt::format("services could not be discovered: {}; those that are known stay in "
                               "the fleet",
                               found.error().message),
                   {{"where", discovery.where},
                    {"code", found.error().code},
                    {"known", static_cast<std::int64_t>(place ? place->size() : 0)}});
    }
}

reactor::Task<Result<std::vector<TargetSettings>>> FleetTargets::find(
    const DiscoverySettings* discovery, AwsAccount* account, reactor::Scope scope) {
    std::vector<std::string> clusters = discovery->clusters;
    if (clusters.empty()) {
        auto all = co_await account->ecs.list_clusters(scope);
        if (!all) co_return std::move(all.error());
        for (const std::string& arn : *all) clusters.push_back(name_of(arn));
    }
    std::vector<TargetSettings> targets;
    for (const std::string& cluster : clusters) {
        auto found = co_await find_in_cluster(discovery, account, cluster, scope);
        if (!found) co_return std::move(found.error());
        std::ranges::move(*found, std::back_inserter(targets));
    }
    co_return targets;
}

reactor::Task<Result<std::vector<TargetSettings>>> FleetTargets::find_in_cluster(
    const DiscoverySettings* discovery, AwsAccount* account, std::string cluster,
    reactor::Scope scope) {
    auto listed = co_await account->ecs.list_services(cluster, scope);
    if (!listed) co_return std::move(listed.error());
    std::vector<TargetSettings> targets;
    for (std::size_t first = 0; first < listed->size(); first += described_at_once) {
        const auto arns = std::span{*listed}.subspan(first).first(
            std::min(described_at_once, listed->size() - first));
        std::vector<reactor::Task<Result<clients::EcsService>>> asked;
        for (const std::string& arn : arns) {
            asked.push_back(account->services.describe(cluster, arn, scope));
        }
        const auto services = co_await reactor::when_all(std::move(asked));
        for (std::size_t i = 0; i < services.size(); ++i) {
            // One that has gone since it was listed is no trouble.
            if (!services[i] && services[i].error().kind == ErrorKind::not_found) continue;
            if (!services[i]) co_return services[i].error();
            const std::vector<Tag> tags = tags_of(*services[i]);
            auto settings = settings_of_discovered(*discovery, cluster, name_of(arns[i]), tags);
            if (auto* usable = std::get_if<TargetSettings>(&settings)) {
                targets.push_back(std::move(*usable));
                continue;
            }
            for (const Problem& problem : std::get<std::vector<Problem>>(settings)) {
                log_.write(
                    LogLevel::error, "a service's tags are unusable, so it is left out",
                    {{"target", cluster + "/" + name_of(arns[i])}, {"problem", describe(problem)}});
            }
        }
    }
    co_return targets;
}

std::vector<TargetSettings> FleetTargets::targets() const {
    std::vector<TargetSettings> targets;
    std::set<std::string> names;
    const auto add = [&](const TargetSettings& target) {
        if (!shard_.has(target) || !names.insert(target_name(target)).second) return;
        targets.push_back(target);
    };
    std::ranges::for_each(settings_.targets, add);
    for (const Found& found : found_) {
        if (found) std::ranges::for_each(*found, add);
    }
    return targets;
}

}  // namespace fas::app
