#include "app/other_masters.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "app/wiring.h"

namespace fas::app {

reactor::Task<bool> OtherMasters::look(std::span<const TargetSettings* const> targets,
                                       reactor::Scope scope) {
    std::map<std::pair<AwsAccount*, const adapters::TargetKind*>, Group> groups;
    for (const TargetSettings* each : targets) {
        if (!asked_.insert(target_name(*each)).second) continue;
        auto account = accounts_.in(each->region, service_role(*each));
        Group& group = groups[{account.get(), &each->target_type()}];
        group.account = std::move(account);
        group.kind = &each->target_type();
        group.targets.push_back(settings::description_of(*each));
    }
    std::vector<Group> all;
    all.reserve(groups.size());
    for (auto& [key, group] : groups) all.push_back(std::move(group));
    return ask(std::move(all), std::move(scope));
}

reactor::Task<bool> OtherMasters::ask(std::vector<Group> groups, reactor::Scope scope) {
    for (Group& group : groups) {
        const auto masters = co_await group.kind->other_masters(std::move(group.targets),
                                                                group.account.get(), scope);
        if (scope.stop.stop_requested()) break;
        if (!masters) {
            const Error& error = masters.error();
            log_.write(says_unknown_ ? LogLevel::warning : LogLevel::debug, error.message,
                       {{"kind", to_string(error.kind)}, {"code", error.code}});
            continue;
        }
        for (const adapters::OtherMaster& one : *masters) {
            say(fmt::format("{}/{}", one.target.group, one.target.name), one.message);
        }
    }
    co_return !groups.empty();
}

void OtherMasters::note(const engine::CheckReport& report) {
    if (!report.service || report.service->other_master.empty()) return;
    if (noted_.insert(report.target).second) say(report.target, report.service->other_master);
}

void OtherMasters::keep_only(const std::function<bool(const std::string&)>& is_one) {
    const auto has_gone = [&is_one](const std::string& name) { return !is_one(name); };
    std::erase_if(asked_, has_gone);
    std::erase_if(noted_, has_gone);
}

void OtherMasters::say(std::string_view target, std::string_view message) {
    log_.write(LogLevel::warning, fmt::format("something else scales this target: {}", message),
               {{"target", target}});
}

}  // namespace fas::app
