// Says, once a target, that something else changes how many it has: another autoscaler, whose work
// ours undoes. AWS is asked in few calls, beside the checks. One thread.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "app/aws_accounts.h"
#include "app/settings.h"
#include "base/log.h"
#include "engine/check_report.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::app {

class OtherMasters {
  public:
    // Both must outlive it. `says_unknown`: a warning says of which targets it is not known who
    // else changes them, and why; otherwise that is for debugging.
    OtherMasters(AwsAccounts& accounts, Logger& log, bool says_unknown)
        : accounts_(accounts), log_(log), says_unknown_(says_unknown) {}

    // Asks about those of them that were not asked about yet. They are used in the call itself,
    // not in the task that it gives: whether there were any.
    reactor::Task<bool> look(std::span<const TargetSettings* const> targets, reactor::Scope scope);

    // What a check saw of it.
    void note(const engine::CheckReport& report);

    // No other targets are scaled any more.
    void keep_only(const std::function<bool(const std::string&)>& is_one);

  private:
    // Of one kind, and described by one account.
    struct Group {
        std::shared_ptr<AwsAccount> account;
        const adapters::TargetKind* kind;
        std::vector<adapters::TargetDescription> targets;
    };

    reactor::Task<bool> ask(std::vector<Group> groups, reactor::Scope scope);
    void say(std::string_view target, std::string_view message);

    AwsAccounts& accounts_;
    Logger& log_;
    bool says_unknown_;
    std::set<std::string> asked_;  // by name
    std::set<std::string> noted_;
};

}  // namespace fas::app
