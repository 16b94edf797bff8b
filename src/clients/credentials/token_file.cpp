#include "clients/credentials/token_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace fas::clients {

namespace {

constexpr std::size_t token_bytes_max = std::size_t{64} << 10U;

}  // namespace

Result<Secret> read_token_file(const std::string& path, std::string_view what) {
    const auto refuse = [&](std::string_view why) {
        return Error{.kind = ErrorKind::denied,
                     .message = fmt::format("cannot read the {} in {}: {}", what, path, why),
                     .code = "BadTokenFile"};
    };
    // Asked first: opening a pipe would wait for its writer.
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (error) return refuse(error.message());
    if (!std::filesystem::is_regular_file(status)) return refuse("it is no plain file");

    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rbe"),
                                                               &std::fclose};
    if (!file) return refuse(std::generic_category().message(errno));
    std::string token(token_bytes_max + 1, '\0');
    token.resize(std::fread(token.data(), 1, token.size(), file.get()));
    if (std::ferror(file.get()) != 0) return refuse("it cannot be read");
    if (token.empty()) return refuse("it is empty");
    if (token.size() > token_bytes_max) return refuse("it is larger than 64 KiB");
    return Secret{std::move(token)};
}

}  // namespace fas::clients
