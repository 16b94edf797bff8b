#include "base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file_descriptor.h"

namespace fas {

namespace {

class NoRegularFile final : public std::error_category {
  public:
    const char* name() const noexcept override { return "file"; }
    std::string message(int) const override {
        return "it is no regular file but a pipe, a socket or a device";
    }
    std::error_condition default_error_condition(int) const noexcept override {
        return std::make_error_condition(std::errc::invalid_argument);
    }
};

std::error_code no_regular_file() {
    static const NoRegularFile category;
    return {1, category};
}

std::error_code why_not() {
    // Of a socket there is nothing to open.
    return errno == ENXIO ? no_regular_file() : last_system_error();
}

bool is_null_device(const struct stat& is) {
    return S_ISCHR(is.st_mode) && is.st_rdev == ::makedev(1, 3);
}

std::error_code check_readable(const FileDescriptor& file) {
    struct stat is{};
    if (::fstat(file.get(), &is) != 0) return why_not();
    if (S_ISDIR(is.st_mode)) return std::make_error_code(std::errc::is_a_directory);
    return S_ISREG(is.st_mode) || is_null_device(is) ? std::error_code{} : no_regular_file();
}

}  // namespace

std::expected<std::string, std::error_code> read_file(const std::string& path,
                                                      std::size_t bytes_max) {
    // Without O_NONBLOCK, opening a pipe waits for its writer.
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (!file.is_open()) return std::unexpected{why_not()};
    if (const auto error = check_readable(file)) return std::unexpected{error};
    std::string text;
    while (text.size() <= bytes_max) {
        constexpr std::size_t step = std::size_t{64} << 10U;
        const std::size_t had = text.size();
        const std::size_t wanted = std::min(step, bytes_max + 1 - had);
        text.resize(had + wanted);
        const ssize_t count = ::read(file.get(), text.data() + had, wanted);
        if (count < 0 && errno != EINTR) return std::unexpected{why_not()};
        text.resize(had + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count == 0) return text;
    }
    return std::unexpected{std::make_error_code(std::errc::file_too_large)};
}

}  // namespace fas
