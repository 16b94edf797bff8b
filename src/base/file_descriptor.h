// A file, a folder or a socket of this process, which is closed with whoever owns it.
#pragma once

#include <string_view>
#include <system_error>
#include <utility>

namespace fas {

class FileDescriptor {
  public:
    // What open() or socket() gave: below 0 where they failed.
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&&) = delete;
    ~FileDescriptor();

    bool is_open() const { return number_ >= 0; }
    int get() const { return number_; }

  private:
    int number_;
};

// Why the system's last call has failed.
std::error_code last_system_error();

// All of the text, and on the disk. Takes what the disk takes.
std::error_code write_to_disk(const FileDescriptor& file, std::string_view text);

}  // namespace fas
