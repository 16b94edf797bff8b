#include "app/kept_memories.h"

#include <fmt/format.h>

#include <algorithm>

namespace fas::app {

namespace {

// A memory is nothing that a check, or an end, waits long for.
constexpr Milliseconds recall_time_max{1'000};
constexpr Milliseconds keep_time_max{3'000};

// No ECS cluster has such a name, so that the folder is nobody's.
constexpr std::string_view fleets_group = ".fleet";

adapters::TargetIdentity folder_of(const TargetSettings& settings, const FleetShape& shape) {
    if (!shape.listed) return identity_of(settings);
    return {std::string{fleets_group},
            fmt::format("shard-{}-of-{}", shape.shard.number, shape.shard.count)};
}

}  // namespace

bool KeptMemories::remembers(const TargetSettings& settings) {
    return scaling::remembers(settings.rules, settings.behavior, settings.fallback);
}

adapters::KeptMemory* KeptMemories::of(const TargetSettings& settings, const FleetShape& shape) {
    adapters::TargetIdentity folder = folder_of(settings, shape);
    std::string name = fmt::format("{}/{}", folder.group, folder.name);
    auto& kept = kept_[{settings.region, settings.s3_config_bucket, settings.state_options,
                        folder.group, folder.name}];
    if (!kept) {
        kept = std::make_unique<adapters::KeptMemory>(wiring_.store(settings, std::move(folder)),
                                                      plumbing_.clock);
    }
    in_use_.emplace(kept.get(), std::move(name));
    if (remembers(settings)) needed_.insert(kept.get());
    return kept.get();
}

bool KeptMemories::recalled() const {
    return std::ranges::all_of(needed_, &adapters::KeptMemory::recalled);
}

reactor::Task<void> KeptMemories::recall(reactor::Scope scope) {
    const std::set<adapters::KeptMemory*> all = needed_;  // others may come meanwhile
    for (adapters::KeptMemory* one : all) {
        if (!one->recalled()) co_await recall_one(one, scope);
    }
}

reactor::Task<void> KeptMemories::recall_one(adapters::KeptMemory* one, reactor::Scope scope) {
    const bool tried = co_await one->recall(scope.within(recall_time_max));
    if (tried) note("what targets remembered is forgotten", one);
}

reactor::Task<void> KeptMemories::keep_all(bool ends, reactor::Scope scope) {
    const auto all = in_use_;  // others may come meanwhile
    for (const auto& [one, name] : all) co_await keep_one(one, ends, scope);
}

reactor::Task<void> KeptMemories::keep_one(adapters::KeptMemory* one, bool ends,
                                           reactor::Scope scope) {
    const bool tried = co_await one->keep(ends, scope.within(keep_time_max));
    if (tried) note("what targets remember is not kept", one);
}

reactor::Task<void> KeptMemories::keep(bool ends, reactor::Scope scope) {
    co_await keeping_.wait_for_all();
    if (!dry_run_) co_await keep_all(ends, std::move(scope));
}

void KeptMemories::keep_beside() {
    if (in_use_.empty() || dry_run_ || keeping_.running() > 0) return;
    keeping_.start(keep_all(false, reactor::Scope{}));
}

void KeptMemories::note(std::string_view what, adapters::KeptMemory* one) {
    const auto used = in_use_.find(one);
    if (used == in_use_.end()) return;
    std::vector<Error> errors;
    if (const auto& trouble = one->trouble()) {
        errors.push_back(*trouble);
        errors.back().message = fmt::format(
            "{} (what spoke for a scale-in, windows and rates of behavior, failures "
            "for the fallback): {}",
            what, trouble->message);
    }
    plumbing_.troubles.note("memory", used->second, errors, reactor::now(), LogLevel::warning);
}

// Nobody is told of the others' trouble any more.
void KeptMemories::end_targets() {
    plumbing_.troubles.keep_only("memory", [this](const std::string& name) {
        return std::ranges::any_of(in_use_,
                                   [&name](const auto& used) { return used.second == name; });
    });
}

}  // namespace fas::app
