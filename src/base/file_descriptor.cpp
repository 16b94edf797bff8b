#include "base/file_descriptor.h"

#include <unistd.h>

#include <cerrno>

#include "base/output.h"

namespace fas {

FileDescriptor::~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
}

std::error_code last_system_error() { return {errno, std::generic_category()}; }

std::error_code write_to_disk(const FileDescriptor& file, std::string_view text) {
    if (const auto error = write_to(file.get(), text).error) return error;
    return ::fsync(file.get()) == 0 ? std::error_code{} : last_system_error();
}

}  // namespace fas
