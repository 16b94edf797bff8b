#include "engine/stores/directory.h"

#include <fmt/format.h>

#include <array>

#include "engine/stores/action_record.h"
#include "engine/stores/claim.h"
#include "engine/stores/types.h"

namespace fas::engine {

namespace {

// A claim holds the lock for as long as its disk takes to write two files.
constexpr Milliseconds lock_time_max{2'000};
constexpr Milliseconds lock_pause{10};

ErrorKind kind_of(std::error_code code) {
    if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted ||
        code == std::errc::read_only_file_system) {
        return ErrorKind::denied;
    }
    if (code == std::errc::no_space_on_device || code == std::errc::operation_would_block ||
        code == std::errc::io_error || code == std::errc::too_many_files_open) {
        return ErrorKind::retryable;
    }
    return ErrorKind::invalid;
}

std::string_view advice(std::error_code code) {
    if (code == std::errc::no_space_on_device) return "make room on its disk";
    if (code == std::errc::operation_would_block) {
        return "another process has held its lock for two seconds; the next check tries again";
    }
    switch (kind_of(code)) {
        case ErrorKind::denied:
            return "let this user read and write there, or set state_config.path to a folder of "
                   "its own";
        case ErrorKind::retryable: return "the next check tries again";
        default: return "set state_config.path to a folder on a local disk";
    }
}

scaling::LastAction action_of(const std::optional<std::string>& text) {
    if (!text) return scaling::Never{};
    auto record = read_action_record(*text);
    if (!record) return scaling::Unknown{std::move(record.error().message)};
    return record->action;
}

bool is_path(std::string_view text) {
    return text.size() > 1 && text.front() == '/' && text.find('\0') == std::string_view::npos;
}

constexpr std::array options{
    Option{.key = "path",
           .variable = "STATE_DIRECTORY",
           .description = "The folder on this machine for the scaling state. It is made if it is "
                          "not there.",
           .type = TextType{.accepted = "a path that begins with a slash",
                            .pattern = "^/[^\\u0000]+$",
                            .valid = is_path},
           .required = true},
};

std::unique_ptr<StateStore> make(const StoreDescription& description,
                                 clients::AwsAccount& account) {
    return std::make_unique<DirectoryStore>(account.context.reactor,
                                            description.options.text("path"), description.target);
}

}  // namespace

const StoreType stores::directory = {
    .name = "directory", .options = options, .problem = nullptr, .make = make};

DirectoryStore::DirectoryStore(reactor::Reactor& reactor, std::string_view path,
                               TargetIdentity target)
    : reactor_(reactor),
      target_(std::move(target)),
      folder_(fmt::format("{}/{}/{}", path, as_folder_name(target_.group),
                          as_folder_name(target_.name))) {}

reactor::Task<Recollection> DirectoryStore::read(scaling::Action action, reactor::Scope) {
    Recollection past;
    past.from_memory = refresh(scale_out_, past.history.scale_out, past);
    // Somebody else has acted, perhaps since this check looked at the queue: a scale-in, which is
    // read after the scale-out, is not to call that a memory.
    if (!past.from_memory) scale_in_.seen.reset();
    if (action == scaling::Action::scale_in) {
        const bool known = refresh(scale_in_, past.history.scale_in, past);
        past.from_memory = past.from_memory && known;
    } else {
        past.history.scale_in = scaling::Unknown{"it was not read"};
    }
    co_return past;
}

// Whether the file is as it was already known to be.
bool DirectoryStore::refresh(Slot& slot, scaling::LastAction& action, Recollection& past) {
    auto text = folder_.read(slot.name);
    if (!text) {
        slot.seen.reset();
        past.errors.push_back(explain("read", text.error()));
        action = scaling::Unknown{past.errors.back().message};
        return false;
    }
    const bool known = slot.seen && slot.seen->text == *text;
    if (!known) slot.seen = Seen{*text, action_of(*text)};
    action = slot.seen->action;
    auto* unknown = std::get_if<scaling::Unknown>(&action);
    if (unknown == nullptr) return known;
    unknown->why = fmt::format("cannot use the scaling state {}/{}: {}; mend or delete the file",
                               folder_.path(), slot.name, unknown->why);
    past.errors.push_back(
        {.kind = ErrorKind::invalid, .message = unknown->why, .code = "CorruptState"});
    return false;
}

reactor::Task<Result<void>> DirectoryStore::record(scaling::Action action,
                                                   scaling::ScalingAction what,
                                                   reactor::Scope scope) {
    const auto lock = co_await take_lock(std::move(scope));
    if (!lock) co_return lock.error();
    co_return record_locked(*lock, action, what);
}

// Waits on the loop, with others at work, for a lock that is never held across a wait.
reactor::Task<Result<StateFolder::Lock>> DirectoryStore::take_lock(reactor::Scope scope) {
    const reactor::Scope waiting = scope.within(lock_time_max);
    for (;;) {
        auto lock = folder_.try_lock();
        if (lock) co_return std::move(*lock);
        const std::error_code why = lock.error();
        if (why != std::errc::operation_would_block) co_return explain("write", why);
        auto rested = co_await reactor_.sleep_for(lock_pause, waiting);
        if (!rested) co_return explain("write", why);
    }
}

Result<void> DirectoryStore::record_locked(const StateFolder::Lock& lock, scaling::Action action,
                                           const scaling::ScalingAction& what) {
    auto present = folder_.read(scale_out_.name);
    if (!present) {
        scale_out_.seen.reset();
        return unrecorded(explain("read", present.error()));
    }
    // Not read before: a scale-out's only, which must not wait for it.
    const bool unchanged = !scale_out_.seen || scale_out_.seen->text == *present;
    scale_out_.seen = Seen{*present, action_of(*present)};
    if (!unchanged) return lost_claim("");
    if (action == scaling::Action::scale_out) return write(lock, scale_out_, action, what);

    auto recorded = write(lock, scale_in_, action, what);
    if (!recorded) return recorded;
    // That there was no scale-out yet reads as one in 1970, which keeps the file in S3's form.
    const auto* known = std::get_if<scaling::ScalingAction>(&scale_out_.seen->action);
    const scaling::ScalingAction last = known == nullptr ? scaling::ScalingAction{} : *known;
    return write(lock, scale_out_, scaling::Action::scale_out, last);
}

Result<void> DirectoryStore::write(const StateFolder::Lock& lock, Slot& slot,
                                   scaling::Action direction, const scaling::ScalingAction& what) {
    const ActionRecord record{what, new_writer()};
    std::string text = write_action_record(record, direction, target_.group, target_.name);
    slot.seen.reset();
    if (const auto error = folder_.replace(lock, slot.name, text)) return explain("write", error);
    slot.seen = Seen{std::move(text), what};
    return {};
}

Error DirectoryStore::explain(std::string_view what, std::error_code code) const {
    return {.kind = kind_of(code),
            .message = fmt::format("cannot {} the scaling state in {}: {}; {}", what,
                                   folder_.path(), code.message(), advice(code)),
            .code = "StateFolder"};
}

}  // namespace fas::engine
