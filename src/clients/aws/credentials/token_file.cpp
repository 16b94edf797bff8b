#include "clients/aws/credentials/token_file.h"

#include <fmt/format.h>

#include <system_error>

#include "base/read_file.h"

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
    auto token = read_file(path, token_bytes_max);
    if (!token && token.error() == std::errc::file_too_large) {
        return refuse("it is larger than 64 KiB");
    }
    if (!token) return refuse(token.error().message());
    if (token->empty()) return refuse("it is empty");
    return Secret{std::move(*token)};
}

}  // namespace fas::clients
