// Texts as small files on this machine, under the names that they have in S3:
//   PATH/CLUSTER/SERVICE/NAME
// A file is replaced under a lock of its folder.
#include <fmt/format.h>

#include <array>
#include <functional>
#include <memory>

#include "adapters/stores/directory/state_folder.h"
#include "adapters/stores/kinds.h"
#include "reactor/off_loop.h"

namespace fas::adapters {

namespace {

// A write holds the lock for as long as its disk takes.
constexpr Milliseconds lock_time_max{2'000};
constexpr Milliseconds lock_pause{10};

ErrorKind error_kind_of(std::error_code code) {
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
    switch (error_kind_of(code)) {
        case ErrorKind::denied:
            return "let this user read and write there, or set state_config.path to a folder of "
                   "its own";
        case ErrorKind::retryable: return "the next check tries again";
        default: return "set state_config.path to a folder on a local disk";
    }
}

bool is_path(std::string_view text) {
    return text.size() > 1 && text.front() == '/' && text.find('\0') == std::string_view::npos;
}

struct DirectoryOptions {
    std::string path;
};

constexpr std::array directory_rows{
    Row{"path", Text{{"^/[^\\u0000]+$", is_path}, "a path that begins with a slash"},
        field<&DirectoryOptions::path>,
        "The folder on this machine for the scaling state. It is made if it is not there.",
        Need::required, Variable{"STATE_DIRECTORY"}, Example{"/var/lib/fast-autoscaler"}},
};

// A version is the text itself.
Versioned versioned(std::string name, std::optional<std::string> text) {
    Versioned present{.texts = {}, .version = text};
    if (text) present.texts.emplace(std::move(name), std::move(*text));
    return present;
}

class DirectoryStore final : public VersionedStore {
  public:
    DirectoryStore(reactor::Reactor& reactor, std::string_view path, const TargetIdentity& target)
        : reactor_(reactor),
          folder_(fmt::format("{}/{}/{}", path, as_folder_name(target.group),
                              as_folder_name(target.name))) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope) override {
        auto text = folder_.read(name);
        if (!text) co_return explain(folder_, "read", text.error());
        co_return versioned(std::move(name), std::move(*text));
    }

    // An attempt may take as long as its disk, so the loop goes on meanwhile. It waits on the loop
    // for a lock, which is never held across that wait.
    reactor::Task<Result<Written>> write(std::string name, std::string text, Version version,
                                         reactor::Scope scope) override {
        const reactor::Scope waiting = scope.within(lock_time_max);
        const Text wanted{std::move(name), std::move(text), std::move(version)};
        for (;;) {
            const auto attempt = std::make_shared<Attempt>();
            std::function<void()> job = [folder = folder_, wanted, attempt] {
                *attempt = write_if_free(folder, wanted);
            };
            auto done = co_await reactor::off_loop(&reactor_, std::move(job), scope);
            if (!done) co_return done.error();
            if (attempt->written) co_return std::move(*attempt->written);
            const auto busy = std::make_error_code(std::errc::operation_would_block);
            auto rested = co_await reactor_.sleep_for(lock_pause, waiting);
            if (!rested) co_return explain(folder_, "write", busy);
        }
    }

    bool together(std::string_view, std::string_view) const override { return false; }
    bool is_local() const override { return true; }

    Error unusable(std::string_view name, std::string why) const override {
        return {.kind = ErrorKind::invalid,
                .message =
                    fmt::format("cannot use the scaling state {}/{}: {}; mend or delete the file",
                                folder_.path(), name, why),
                .code = "CorruptState"};
    }

  private:
    struct Text {
        std::string name;
        std::string text;
        Version version;  // of what it replaces
    };
    struct Attempt {
        std::optional<Result<Written>> written;  // nothing: another process has the lock
    };

    // On another thread.
    static Attempt write_if_free(const StateFolder& folder, const Text& wanted) {
        auto lock = folder.try_lock();
        if (lock) return {write_locked(folder, *lock, wanted)};
        if (lock.error() == std::errc::operation_would_block) return {};
        return {explain(folder, "write", lock.error())};
    }

    static Result<Written> write_locked(const StateFolder& folder, const StateFolder::Lock& lock,
                                        const Text& wanted) {
        auto old = folder.read(wanted.name);
        if (!old) return explain(folder, "read", old.error());
        Versioned present = versioned(wanted.name, std::move(*old));
        if (present.version != wanted.version) return Written{{}, std::move(present)};
        if (const auto error = folder.replace(lock, wanted.name, wanted.text)) {
            return explain(folder, "write", error);
        }
        return Written{wanted.text, {}};
    }

    static Error explain(const StateFolder& folder, std::string_view what, std::error_code code) {
        return {.kind = error_kind_of(code),
                .message = fmt::format("cannot {} the scaling state in {}: {}; {}", what,
                                       folder.path(), code.message(), advice(code)),
                .code = "StateFolder"};
    }

    reactor::Reactor& reactor_;
    StateFolder folder_;
};

std::unique_ptr<VersionedStore> make_directory(const StoreDescription& description,
                                               clients::AwsAccount& account) {
    return std::make_unique<DirectoryStore>(account.context.reactor,
                                            description.options.as<DirectoryOptions>().path,
                                            description.target);
}

}  // namespace

const StoreKind stores::directory{kind_of<DirectoryOptions>("directory", directory_rows),
                                  make_directory};

}  // namespace fas::adapters
