#include "app/config_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace fas::app {

namespace {

Error unreadable(const std::string& path, std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("cannot read the configuration file {}: {}", path, why),
            .code = "ConfigFile"};
}

}  // namespace

Result<std::optional<Document>> read_config_file(const std::optional<std::string>& path,
                                                 const Environment& environment) {
    const auto chosen = path ? path : environment("FAST_AUTOSCALER_CONFIG");
    if (!chosen) return std::optional<Document>{};

    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(chosen->c_str(), "rb"),
                                                               &std::fclose};
    if (!file) return unreadable(*chosen, std::strerror(errno));
    std::string text;
    constexpr std::size_t step = std::size_t{1} << 16U;
    for (std::size_t got = step; got == step && text.size() <= config_file_bytes_max;) {
        const std::size_t before = text.size();
        text.resize(before + step);
        got = std::fread(text.data() + before, 1, step, file.get());
        text.resize(before + got);
    }
    if (std::ferror(file.get()) != 0) return unreadable(*chosen, std::strerror(errno));
    if (text.size() > config_file_bytes_max) return unreadable(*chosen, "it is over 64 MiB");
    return std::optional{Document{"file " + *chosen, std::move(text)}};
}

}  // namespace fas::app
