#include "app/kept_memories.h"

#include <fmt/format.h>

#include <vector>

namespace fas::app {

namespace {

// A memory is nothing that a check, or an end, waits long for.
constexpr Milliseconds time_max{3'000};

// No ECS cluster has such a name, so that the folder is nobody's.
constexpr std::string_view fleets_group = ".fleet";

engine::TargetIdentity folder_of(const TargetSettings& settings, const FleetShape& shape) {
    if (!shape.listed) return identity_of(settings);
    return {std::string{fleets_group},
            fmt::format("shard-{}-of-{}", shape.shard.number, shape.shard.count)};
}

}  // namespace

engine::KeptMemory* KeptMemories::of(const TargetSettings& settings, const FleetShape& shape) {
    if (!mind_of(settings).remembers()) return nullptr;
    engine::TargetIdentity folder = folder_of(settings, shape);
    auto& kept = kept_[{settings.region, settings.store, settings.s3_config_bucket,
                        settings.state_options, folder.group, folder.name}];
    if (!kept) {
        kept = std::make_unique<engine::KeptMemory>(wiring_.store(settings, std::move(folder)),
                                                    plumbing_.clock);
    }
    return kept.get();
}

reactor::Task<void> KeptMemories::recall(reactor::Scope scope) {
    if (recalled_ == kept_.size()) co_return;
    recalled_ = kept_.size();
    std::vector<engine::KeptMemory*> all;  // others may come meanwhile
    for (const auto& [place, kept] : kept_) all.push_back(kept.get());
    for (engine::KeptMemory* one : all) say(co_await one->recall(scope.within(time_max)));
}

reactor::Task<void> KeptMemories::keep_all(bool ends, reactor::Scope scope) {
    std::vector<engine::KeptMemory*> all;
    for (const auto& [place, kept] : kept_) all.push_back(kept.get());
    for (engine::KeptMemory* one : all) say(co_await one->keep(ends, scope.within(time_max)));
}

reactor::Task<void> KeptMemories::keep(bool ends, reactor::Scope scope) {
    co_await keeping_.wait_for_all();
    if (!dry_run_) co_await keep_all(ends, std::move(scope));
}

void KeptMemories::keep_beside() {
    if (kept_.empty() || dry_run_ || keeping_.running() > 0) return;
    keeping_.start(keep_all(false, reactor::Scope{}));
}

void KeptMemories::say(const std::optional<Error>& trouble) {
    if (trouble && trouble->message != last_trouble_) {
        plumbing_.log.write(LogLevel::warning,
                            fmt::format("what targets remember (windows and rates of behavior, "
                                        "failures for the fallback) is not kept: {}",
                                        trouble->message),
                            {{"kind", to_string(trouble->kind)}, {"code", trouble->code}});
    }
    last_trouble_ = trouble ? trouble->message : "";
}

}  // namespace fas::app
