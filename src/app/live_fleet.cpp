#include "app/live_fleet.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/crc32.h"

namespace fas::app {

namespace {

// What DescribeServices takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
// API_DescribeServices.html
constexpr std::size_t group_size_max = 10;

using Entry = std::pair<const TargetSettings*, std::shared_ptr<engine::FleetMember>>;

// Services of one account, region and cluster are described by one call.
auto cluster_of(const TargetSettings& settings) {
    const bool own_role = !settings.target_role_arn.empty();
    return std::tie(settings.region, own_role ? settings.target_role_arn : settings.role_arn,
                    settings.cluster_name);
}

bool read_before(const Entry& a, const Entry& b) {
    const auto cluster_a = cluster_of(*a.first);
    const auto cluster_b = cluster_of(*b.first);
    if (cluster_a != cluster_b) return cluster_a < cluster_b;
    return std::tie(a.first->queues.front(), a.first->service_name) <
           std::tie(b.first->queues.front(), b.first->service_name);
}

std::vector<engine::FleetGroup> grouped(std::vector<Entry> entries) {
    std::ranges::sort(entries, read_before);
    std::vector<engine::FleetGroup> groups;
    const TargetSettings* last = nullptr;
    for (Entry& entry : entries) {
        const bool together = last != nullptr && groups.back().size() < group_size_max &&
                              cluster_of(*last) == cluster_of(*entry.first);
        if (!together) groups.emplace_back();
        groups.back().push_back(std::move(entry.second));
        last = entry.first;
    }
    return groups;
}

bool same_service(const TargetSettings& a, const TargetSettings& b) {
    return a.region == b.region && service_role(a) == service_role(b) &&
           a.target_options == b.target_options;
}

bool same_queues(const TargetSettings& a, const TargetSettings& b) {
    return a.region == b.region && queue_role(a) == queue_role(b) && a.queues == b.queues &&
           a.combine_queues == b.combine_queues;
}

std::uint32_t fingerprint_of_queues(const TargetSettings& settings) {
    std::string all = settings.region;
    for (const QueueSettings& queue : settings.queues) {
        all += '\n';
        all += queue_name(queue);
    }
    return crc32(all);
}

reactor::Task<scaling::FutureRecords> recall_future(KeptMemories* memories,
                                                    adapters::KeptMemory* kept, std::string name,
                                                    std::uint32_t queues, reactor::Scope scope) {
    co_await memories->recall_one(kept, std::move(scope));
    const auto memory = kept->of(name, queues);
    co_return memory ? memory->future_records : scaling::FutureRecords{};
}

}  // namespace

Result<std::unique_ptr<LiveFleet>> LiveFleet::make(
    FleetSettings settings, Shard shard, Plumbing& plumbing, bool dry_run,
    std::function<void(const engine::CheckReport&)> report) {
    auto accounts = AwsAccounts::make(settings.process.sso_profile, plumbing);
    if (!accounts) return accounts.error();
    auto fleet = std::unique_ptr<LiveFleet>{
        new LiveFleet{std::move(*accounts), plumbing, dry_run, std::move(report)}};
    fleet->configure(std::move(settings), shard);
    return fleet;
}

LiveFleet::LiveFleet(std::unique_ptr<AwsAccounts> accounts, Plumbing& plumbing, bool dry_run,
                     std::function<void(const engine::CheckReport&)> report)
    : accounts_(std::move(accounts)),
      wiring_(*accounts_, plumbing, dry_run),
      memories_(wiring_, plumbing, dry_run),
      targets_(plumbing.log, plumbing.troubles),
      other_masters_(*accounts_, plumbing.log, dry_run),
      fleet_(plumbing.reactor, engine::FleetLimits{},
             [this, report = std::move(report)](const engine::CheckReport& one) {
                 note(one);
                 report(one);
             }) {}

bool LiveFleet::configure(FleetSettings settings, Shard shard) {
    targets_.set_configuration(std::move(settings));
    targets_.set_shard(shard);
    return take_targets();
}

reactor::Task<bool> LiveFleet::discover(reactor::Scope scope) {
    if (!discovers()) co_return false;
    co_await targets_.discover(accounts_.get(), std::move(scope));
    co_return take_targets();
}

bool LiveFleet::take_targets() {
    const FleetShape shape = targets_.shape();
    Members members;
    std::size_t kept = 0;
    memories_.begin_targets();
    for (const TargetSettings& settings : targets_.targets()) {
        std::string name = target_name(settings);
        const auto known = members_.find(name);
        if (known == members_.end()) {
            members.emplace(std::move(name), new_member(settings, shape));
        } else if (known->second.settings == settings) {
            Member& same = members.emplace(std::move(name), known->second).first->second;
            same.kept = memories_.of(settings, shape);
            ++kept;
        } else {
            members.emplace(std::move(name), changed_member(known->second, settings, shape));
        }
    }
    memories_.end_targets();
    const bool same_shape = std::exchange(shape_, shape) == shape;
    if (same_shape && kept == members.size() && kept == members_.size()) return false;
    retire_all_but(members);
    members_ = std::move(members);
    wiring_.forget_unused_queues();
    other_masters_.keep_only([this](const std::string& name) { return members_.contains(name); });

    std::vector<Entry> entries;
    entries.reserve(members_.size());
    for (const auto& [name, member] : members_) {
        entries.emplace_back(&member.settings, member.member);
    }
    fleet_.set_groups(grouped(std::move(entries)));
    return true;
}

// A target that keeps nothing as a rule still has to know since when a record is of the future.
engine::Target LiveFleet::target_of(const TargetSettings& settings, const FleetShape& shape,
                                    adapters::KeptMemory* kept) {
    engine::Target target = wiring_.target(settings, shape.state_read());
    target.future_seen_before = [this, kept, name = target.name,
                                 queues = fingerprint_of_queues(settings)](reactor::Scope scope) {
        return recall_future(&memories_, kept, name, queues, std::move(scope));
    };
    return target;
}

// Where one of that name is still at work, it goes on with it, so that no two act at once.
LiveFleet::Member LiveFleet::new_member(const TargetSettings& settings, const FleetShape& shape) {
    adapters::KeptMemory* kept = memories_.of(settings, shape);
    kept->look_again();
    std::shared_ptr<engine::FleetMember> member;
    if (const auto left = leaving_.find(target_name(settings)); left != leaving_.end()) {
        member = left->second;
        member->autoscaler.reconfigure(target_of(settings, shape, kept), false, false);
    } else {
        member = wiring_.member(target_of(settings, shape, kept));
    }
    return {settings, std::move(member), kept, fingerprint_of_queues(settings)};
}

// The same autoscaler: no other may act beside it, and of the same service it remembers.
LiveFleet::Member LiveFleet::changed_member(const Member& known, const TargetSettings& settings,
                                            const FleetShape& shape) {
    const bool same = same_service(known.settings, settings);
    adapters::KeptMemory* kept = memories_.of(settings, shape);
    known.member->autoscaler.reconfigure(target_of(settings, shape, kept),
                                         same_queues(known.settings, settings), same);
    if (!same) kept->look_again();
    return {settings,
            known.member,
            kept,
            fingerprint_of_queues(settings),
            same && known.recalled,
            same && known.checked_before};
}

void LiveFleet::retire_all_but(const Members& members) {
    for (const auto& [name, member] : members) leaving_.erase(name);
    for (const auto& [name, old] : members_) {
        const auto now = members.find(name);
        const bool stays = now != members.end() && now->second.member == old.member;
        if (stays) continue;
        old.member->autoscaler.retire();
        if (old.member->busy) leaving_.insert_or_assign(name, old.member);
    }
}

reactor::Task<std::size_t> LiveFleet::sweep(engine::Fleet::Sweep sweep) {
    std::erase_if(leaving_, [](const auto& entry) { return !entry.second->busy; });
    wiring_.forget_unused_accounts();  // here, for the checks that used them have ended by now
    if (!memories_.recalled()) {
        const reactor::Scope check = sweep.checks.within(engine::FleetLimits{}.check_time_max);
        if (engine::FleetMember* lone = lone_and_idle()) {
            lone->autoscaler.begin_reading(check);
            co_await lone->autoscaler.wait_for_state(check);
        }
        co_await memories_.recall(sweep.checks);
    }
    recall_of_new_members();
    co_return co_await fleet_.sweep(std::move(sweep));
}

// What a member that could not be told until now has done meanwhile counts for more.
void LiveFleet::recall_of_new_members() {
    for (auto& [name, member] : members_) {
        if (member.recalled || !KeptMemories::remembers(member.settings)) continue;
        if (!member.kept->recalled() || member.member->busy) continue;
        member.recalled = true;
        engine::Autoscaler& autoscaler = member.member->autoscaler;
        auto memory = member.kept->of(name, member.queues);
        const scaling::Memory& own = autoscaler.memory();
        const bool has_acted = !own.behavior.added.empty() || !own.behavior.removed.empty();
        if (!memory || has_acted) continue;
        if (member.checked_before) memory->evidence = own.evidence;
        autoscaler.set_memory(std::move(*memory));
    }
}

reactor::Task<void> LiveFleet::finish(bool ends, reactor::Scope scope) {
    co_await fleet_.finish();
    co_await memories_.keep(ends, std::move(scope));
}

// Not of one that has been superseded, nor of one that has not been told what it knew. Who
// remembers nothing as a rule is told what it needs when it needs it (target_of).
void LiveFleet::note(const engine::CheckReport& report) {
    other_masters_.note(report);
    const auto found = members_.find(report.target);
    if (found == members_.end()) return;
    Member& member = found->second;
    if (!member.recalled) member.checked_before = true;
    if (!member.member->busy) return;
    const scaling::Memory& memory = member.member->autoscaler.memory();
    const bool keeps =
        KeptMemories::remembers(member.settings) ? member.recalled : !memory.future_records.empty();
    if (keeps) member.kept->note(found->first, member.queues, memory, report.changed);
}

const TargetSettings* LiveFleet::target(std::string_view name) const {
    const auto found = members_.find(name);
    return found == members_.end() ? nullptr : &found->second.settings;
}

reactor::Task<bool> LiveFleet::look_for_other_masters(reactor::Scope scope) {
    std::vector<const TargetSettings*> targets;
    targets.reserve(members_.size());
    for (const auto& [name, member] : members_) targets.push_back(&member.settings);
    return other_masters_.look(targets, std::move(scope));
}

engine::FleetMember* LiveFleet::lone_and_idle() const {
    if (members_.size() != 1) return nullptr;
    engine::FleetMember* lone = members_.begin()->second.member.get();
    return lone->busy ? nullptr : lone;
}

reactor::Task<void> LiveFleet::prefetch(reactor::Scope scope) {
    if (engine::FleetMember* lone = lone_and_idle()) {
        lone->autoscaler.prefetch();
        co_await lone->autoscaler.wait_for_state(scope);
    }
    co_await memories_.recall(std::move(scope));
}

}  // namespace fas::app
