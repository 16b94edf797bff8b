#include "adapters/stores/action_state.h"

#include <utility>

#include "adapters/stores/action_record.h"
#include "reactor/when_all.h"

namespace fas::adapters {

namespace {

constexpr int write_tries_max = 3;

scaling::LastAction action_of(const Versioned& present, std::string_view name) {
    const auto text = present.texts.find(name);
    if (text == present.texts.end()) return scaling::Never{};
    if (!text->second) return scaling::Unknown{text->second.error().message};
    auto record = read_action_record(*text->second);
    if (!record) return scaling::Unknown{std::move(record.error().message)};
    return record->action;
}

bool is_by(const std::string& writer, const Versioned& present, std::string_view name) {
    const auto text = present.texts.find(name);
    if (text == present.texts.end() || !text->second) return false;
    const auto record = read_action_record(*text->second);
    return record && record->writer == writer;
}

// That there was none yet reads as an action in 1970, which keeps the text in the original's form.
scaling::ScalingAction last_or_1970(const scaling::LastAction& last) {
    const auto* action = std::get_if<scaling::ScalingAction>(&last);
    return action == nullptr ? scaling::ScalingAction{} : *action;
}

Error lost_claim() {
    return {.kind = ErrorKind::conflict,
            .message =
                "another autoscaler recorded an action for this service at the same time; "
                "the next check looks again",
            .code = "StateChanged"};
}

// Of an action that was not written because what it would replace cannot be read.
Error unrecorded(Error error) {
    error.message = "this action is not recorded: " + error.message;
    return error;
}

}  // namespace

ActionState::ActionState(std::unique_ptr<VersionedStore> store, TargetIdentity target)
    : store_(std::move(store)),
      target_(std::move(target)),
      together_(store_->together(scale_out_name, scale_in_name)),
      scale_out_{.name = scale_out_name, .seen = &scale_out_item_},
      scale_in_{.name = scale_in_name, .seen = together_ ? &scale_out_item_ : &scale_in_item_} {}

reactor::Task<engine::Recollection> ActionState::read(scaling::Action action,
                                                      reactor::Scope scope) {
    const bool both = action == scaling::Action::scale_in;
    // What came along with a scale-out that was read beside the queue is no memory when it is first
    // asked for: the check is to look at the queue again.
    const bool known = scale_out_.known() && (!both || (scale_in_.known() && scale_in_told_));
    // Who has to learn anew what all actions write may have missed a scale-in too.
    if (!scale_out_.known() || (both && !scale_in_.known())) scale_in_.seen->reset();

    auto read_out = refresh(&scale_out_, true, scope);
    auto read_in = refresh(&scale_in_, both && !together_, scope);
    auto read = co_await reactor::when_all(std::move(read_out), std::move(read_in));
    auto& [out, back_in] = read;
    engine::Recollection past;
    past.from_memory = known && out.value_or(false) && back_in.value_or(false);
    if (!out) past.errors.push_back(std::move(out.error()));
    if (!back_in) past.errors.push_back(std::move(back_in.error()));
    past.history.scale_out = recollect(scale_out_, &past);
    past.history.scale_in = scaling::Unknown{"it was not read"};
    if (both) past.history.scale_in = recollect(scale_in_, &past);
    scale_in_told_ = scale_in_told_ || both;
    co_return past;
}

// Whether it is as it was known to be, which needs no request of a store that is elsewhere.
reactor::Task<Result<bool>> ActionState::refresh(Remembered* what, bool wanted,
                                                 reactor::Scope scope) {
    if (!wanted || (what->known() && !store_->is_local())) co_return true;
    std::string name{what->name};
    auto present = co_await store_->read(std::move(name), std::move(scope));
    if (present && what->known() && (*what->seen)->version == present->version) co_return true;
    what->seen->reset();
    scale_in_told_ = false;
    for (Remembered* each : {&scale_out_, &scale_in_}) {
        if (each->seen != what->seen) continue;
        each->action =
            present ? action_of(*present, each->name) : scaling::Unknown{present.error().message};
    }
    if (!present) co_return std::move(present.error());
    *what->seen = Seen{std::move(present->version)};
    co_return false;
}

// An action that could not be read has its error already.
scaling::LastAction ActionState::recollect(const Remembered& what,
                                           engine::Recollection* past) const {
    const auto* unknown = std::get_if<scaling::Unknown>(&what.action);
    if (unknown == nullptr || !*what.seen) return what.action;
    past->errors.push_back(store_->unusable(what.name, unknown->why));
    return scaling::Unknown{past->errors.back().message};
}

reactor::Task<Result<void>> ActionState::record(scaling::Action action, scaling::ScalingAction what,
                                                reactor::Scope scope) {
    if (action == scaling::Action::scale_out) {
        co_return co_await write(&scale_out_, action, what, std::move(scope));
    }
    // First what all actions write, and only the winner goes on: a scale-in that lost leaves no
    // record of something that never happened.
    if (!together_) {
        auto claimed = co_await write(&scale_out_, scaling::Action::scale_out, std::nullopt, scope);
        if (!claimed) co_return std::move(claimed);
    }
    co_return co_await write(&scale_in_, action, what, std::move(scope));
}

// By the text that every action replaces.
reactor::Task<Result<void>> ActionState::confirm(reactor::Scope scope) {
    if (!*scale_out_.seen) co_return Result<void>{};
    const Version own = (*scale_out_.seen)->version;
    std::string name{scale_out_.name};
    auto present = co_await store_->read(std::move(name), std::move(scope));
    if (!present) co_return std::move(present.error());
    if (present->version == own) co_return Result<void>{};
    scale_out_.seen->reset();
    co_return lost_claim();
}

// Without an action, what the text says stays. Never over what was not read: that could erase what
// another autoscaler recorded.
reactor::Task<Result<void>> ActionState::write(Remembered* what, scaling::Action direction,
                                               std::optional<scaling::ScalingAction> action,
                                               reactor::Scope scope) {
    if (!*what->seen) {  // a scale-out's only, which must not wait for it
        auto read = co_await refresh(what, true, scope);
        if (!read) co_return unrecorded(std::move(read.error()));
    }
    const ActionRecord record{action ? *action : last_or_1970(what->action), new_writer()};
    const std::string name{what->name};
    const std::string text = write_action_record(record, direction, target_.group, target_.name);
    const Version version = std::exchange(*what->seen, std::nullopt)->version;
    for (int tries = 1;; ++tries) {
        auto written = co_await store_->write(name, text, version, scope);
        if (!written) co_return std::move(written.error());
        // The answer to an earlier attempt may have been lost: then it met its own text.
        const auto& present = written->present;
        const bool own = present && is_by(record.writer, *present, name);
        if (own || written->version) {
            *what->seen = Seen{own ? present->version : written->version};
            what->action = record.action;
            co_return Result<void>{};
        }
        const bool unchanged = present && present->version == version;
        if (!unchanged || tries == write_tries_max) co_return lost_claim();
    }
}

}  // namespace fas::adapters
