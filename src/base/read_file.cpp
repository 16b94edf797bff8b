#include "base/read_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace fas {

namespace {

std::unexpected<std::error_code> failed() {
    return std::unexpected{std::error_code{errno, std::generic_category()}};
}

}  // namespace

std::expected<std::string, std::error_code> read_file(const std::string& path,
                                                      std::size_t bytes_max) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rbe"),
                                                               &std::fclose};
    if (!file) return failed();
    std::string text;
    while (text.size() <= bytes_max) {
        constexpr std::size_t step = std::size_t{64} << 10U;
        const std::size_t had = text.size();
        const std::size_t wanted = std::min(step, bytes_max + 1 - had);
        text.resize(had + wanted);
        text.resize(had + std::fread(text.data() + had, 1, wanted, file.get()));
        if (std::ferror(file.get()) != 0) return failed();
        if (std::feof(file.get()) != 0) return text;
    }
    return std::unexpected{std::make_error_code(std::errc::file_too_large)};
}

}  // namespace fas
