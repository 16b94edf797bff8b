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
    auto& kept = kept_[{settings.region, settings.s3_config_bucket, settings.state_options,
                        folder.group, folder.name}];
    if (!kept) {
        kept = std::make_unique<adapters::KeptMemory>(wiring_.store(settings, std::move(folder)),
                                                      plumbing_.clock);
    }
    in_use_.insert(kept.get());
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
    const auto trouble = co_await one->recall(scope.within(recall_time_max));
    say("what targets remembered is forgotten", trouble);
}

reactor::Task<void> KeptMemories::keep_all(bool ends, reactor::Scope scope) {
    const std::set<adapters::KeptMemory*> all = in_use_;  // others may come meanwhile
    for (adapters::KeptMemory* one : all) co_await keep_one(one, ends, scope);
}

reactor::Task<void> KeptMemories::keep_one(adapters::KeptMemory* one, bool ends,
                                           reactor::Scope scope) {
    const auto trouble = co_await one->keep(ends, scope.within(keep_time_max));
    say("what targets remember is not kept", trouble);
}

reactor::Task<void> KeptMemories::keep(bool ends, reactor::Scope scope) {
    co_await keeping_.wait_for_all();
    if (!dry_run_) co_await keep_all(ends, std::move(scope));
}

void KeptMemories::keep_beside() {
    if (in_use_.empty() || dry_run_ || keeping_.running() > 0) return;
    keeping_.start(keep_all(false, reactor::Scope{}));
}

void KeptMemories::say(std::string_view what, const std::optional<Error>& trouble) {
    if (!trouble) return;
    plumbing_.log.write(LogLevel::warning,
                        fmt::format("{} (what spoke for a scale-in, windows and rates of behavior, "
                                    "failures for the fallback): {}",
                                    what, trouble->message),
                        {{"kind", to_string(trouble->kind)}, {"code", trouble->code}});
}

}  // namespace fas::app
