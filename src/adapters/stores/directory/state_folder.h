// A folder of small files that several processes read, and replace one at a time. A file is
// replaced as a whole and for good: when replace() has answered, it outlives a crash of the
// machine, and whenever the process dies, each file is the old one or the new one.
//
// Everything happens on the caller's thread, and takes what the disk takes.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file_descriptor.h"

namespace fas::adapters {

class StateFolder {
  public:
    // Held until it is destroyed, or its process dies.
    class Lock {
        friend class StateFolder;
        explicit Lock(FileDescriptor file) : file_(std::move(file)) {}
        FileDescriptor file_;
    };

    explicit StateFolder(std::string path) : path_(std::move(path)) {}

    const std::string& path() const { return path_; }

    // Nothing when there is no such file, nor such a folder. Needs no lock.
    std::expected<std::optional<std::string>, std::error_code> read(std::string_view name) const;

    // Makes the folder, and those it is in, for this user alone, where they are missing. Does not
    // wait: std::errc::operation_would_block while another process, or another Lock of this one,
    // holds it. For local disks: over NFS, that others hold it may not be seen.
    std::expected<Lock, std::error_code> try_lock() const;

    std::error_code replace(const Lock& lock, std::string_view name, std::string_view text) const;

  private:
    std::string file_path(std::string_view name) const;

    std::string path_;
};

// A text as a path of folders below another one, which no other text has. Most texts stay as they
// are: characters beyond letters, digits, "-", "_" and "." are written as "%2F", and what is longer
// than a folder's name can be is cut into several.
std::string as_folder_name(std::string_view text);

}  // namespace fas::adapters
