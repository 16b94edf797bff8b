#include "app/live_configuration.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "app/aws_accounts.h"
#include "settings/document_controls.h"

namespace fas::app {

reactor::Task<Result<bool>> LiveConfiguration::look(reactor::Scope scope) {
    auto change = co_await source_.read_change(scope);
    if (change) {
        last_trouble_.clear();
        if (!*change) co_return false;
        document_ = std::move(*change);
        is_new_ = true;
        settled_ = false;
        co_return true;
    }
    if (!document_) co_return change.error();
    if (scope.stop.stop_requested()) co_return false;
    const std::string& trouble = change.error().message;
    if (trouble != last_trouble_) {
        plumbing_->log.write(LogLevel::error, trouble + "; the old one stays in force", {});
    }
    last_trouble_ = trouble;
    co_return false;
}

ReadSettings LiveConfiguration::read(Purpose purpose, const std::optional<Document>& event) {
    auto read = read_with(document_, purpose, event);
    const bool good = usable(read, purpose, event.has_value());
    settled_ = good && !event;
    if (good) {
        if (std::exchange(is_new_, false)) imposed_ = {};
        good_document_ = document_;
        settings::impose(imposed_, std::get<FleetSettings>(read));
        return read;
    }
    if (!good_document_ || good_document_->text == document_->text) return problems_of(read);
    auto before = read_with(good_document_, purpose, event);
    // The event's fault: the document may be as good.
    if (!usable(before, purpose, event.has_value())) return problems_of(read);
    refuse(problems_of(read));
    is_new_ = false;
    imposed_ = settings::controls_of(*document_);
    document_ = good_document_;
    settings::impose(imposed_, std::get<FleetSettings>(before));
    return before;
}

// Where all targets are refused, they go on as they were, if they were there. An event brings its
// own.
bool LiveConfiguration::usable(const ReadSettings& read, Purpose purpose, bool from_event) const {
    const auto* fleet = std::get_if<FleetSettings>(&read);
    if (fleet == nullptr || !all_refused(read)) return fleet != nullptr;
    if (from_event || !good_document_) return false;
    const auto before = read_with(good_document_, purpose, std::nullopt);
    const auto* fleet_before = std::get_if<FleetSettings>(&before);
    if (fleet_before == nullptr) return false;
    std::set<std::string> names;
    for (const TargetSettings& target : fleet_before->targets) names.insert(target_name(target));
    for (const RefusedTarget& refused : fleet_before->refused) names.insert(refused.name);
    return std::ranges::any_of(fleet->refused, [&names](const RefusedTarget& refused) {
        return !refused.name.empty() && names.contains(refused.name);
    });
}

ReadSettings LiveConfiguration::read_with(const std::optional<Document>& document, Purpose purpose,
                                          const std::optional<Document>& event) const {
    const Environment& environment = plumbing_->environment;
    return read_settings({environment, document, event, profile_region(environment)}, purpose);
}

void LiveConfiguration::refuse(const std::vector<Problem>& problems) {
    plumbing_->log.write(LogLevel::error,
                         "the new configuration is unusable; the old one stays in force",
                         {{"problems", static_cast<std::int64_t>(problems.size())}});
    for (const std::string& line : problem_lines(problems)) {
        plumbing_->log.write(LogLevel::error, line, {});
    }
}

}  // namespace fas::app
