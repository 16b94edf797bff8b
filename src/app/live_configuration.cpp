#include "app/live_configuration.h"

#include <utility>
#include <variant>
#include <vector>

#include "app/aws_accounts.h"

namespace fas::app {

namespace {

bool usable(const ReadSettings& read) { return std::holds_alternative<FleetSettings>(read); }

}  // namespace

reactor::Task<Result<bool>> LiveConfiguration::look(reactor::Scope scope) {
    auto change = co_await source_.read_change(scope);
    if (change) {
        last_trouble_.clear();
        if (!*change) co_return false;
        document_ = std::move(*change);
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
    settled_ = usable(read) && !event;
    if (usable(read)) {
        good_document_ = document_;
        return read;
    }
    if (!good_document_ || good_document_->text == document_->text) return read;
    auto before = read_with(good_document_, purpose, event);
    if (!usable(before)) return read;  // the event's fault: the document may be as good
    refuse(std::get<std::vector<Problem>>(read));
    document_ = good_document_;
    return before;
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
