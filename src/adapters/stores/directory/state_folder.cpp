#include "adapters/stores/directory/state_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/file_descriptor.h"
#include "base/read_file.h"

namespace fas::adapters {

namespace {

constexpr std::size_t file_bytes_max = std::size_t{512} << 10U;
constexpr ::mode_t folder_mode = 0700;
constexpr ::mode_t file_mode = 0600;
constexpr std::string_view lock_name = "lock";
// The lock's holder alone writes it, so that what a crash leaves of it is the next one's to use.
constexpr std::string_view unfinished_name = "unfinished";

FileDescriptor open_file(const std::string& path, int flags) {
    return FileDescriptor{::open(path.c_str(), flags | O_CLOEXEC, file_mode)};
}

std::error_code sync_folder(const std::string& path) {
    const FileDescriptor folder = open_file(path, O_RDONLY | O_DIRECTORY);
    if (!folder.is_open() || ::fsync(folder.get()) != 0) return last_system_error();
    return {};
}

std::error_code write_new(const std::string& path, std::string_view text) {
    ::unlink(path.c_str());
    const FileDescriptor file = open_file(path, O_WRONLY | O_CREAT | O_EXCL);
    return file.is_open() ? write_to_disk(file, text) : last_system_error();
}

// The outermost first. A folder that is new is one only once the one it is in is on the disk.
std::error_code make_folders(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), folder_mode) == 0) return sync_folder(path.parent_path());
    if (errno == EEXIST) return {};
    if (errno != ENOENT || !path.has_relative_path()) return last_system_error();
    if (const auto error = make_folders(path.parent_path())) return error;
    return make_folders(path);
}

}  // namespace

std::string StateFolder::file_path(std::string_view name) const {
    return fmt::format("{}/{}", path_, name);
}

std::expected<std::optional<std::string>, std::error_code> StateFolder::read(
    std::string_view name) const {
    const std::string path = file_path(name);
    auto text = read_file(path, file_bytes_max);
    if (text) return std::move(*text);
    if (text.error() == std::errc::no_such_file_or_directory) return std::nullopt;
    return std::unexpected{text.error()};
}

std::expected<StateFolder::Lock, std::error_code> StateFolder::try_lock() const {
    if (const auto error = make_folders(path_)) return std::unexpected{error};
    FileDescriptor file = open_file(file_path(lock_name), O_RDWR | O_CREAT | O_NOFOLLOW);
    if (!file.is_open()) return std::unexpected{last_system_error()};
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::unexpected{last_system_error()};
    return Lock{std::move(file)};
}

std::error_code StateFolder::replace(const Lock&, std::string_view name,
                                     std::string_view text) const {
    const std::string unfinished = file_path(unfinished_name);
    if (const auto error = write_new(unfinished, text)) return error;
    if (::rename(unfinished.c_str(), file_path(name).c_str()) != 0) return last_system_error();
    return sync_folder(path_);
}

std::string as_folder_name(std::string_view text) {
    constexpr std::size_t part_bytes_max = 200;  // of the 255 that a name can have
    std::string path;
    std::size_t part_began = 0;
    for (const char c : text) {
        if (path.size() - part_began >= part_bytes_max) {
            path += "%/";  // no other text has it: "%" is followed by digits elsewhere
            part_began = path.size();
        }
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                           (c == '.' && path.size() != part_began);
        if (plain) {
            path += c;
        } else {
            path += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return path.empty() ? "%" : path;
}

}  // namespace fas::adapters
