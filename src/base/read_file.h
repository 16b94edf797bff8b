// A file's whole text, up to a limit: configuration, certificates, state.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <system_error>

namespace fas {

// The system's word for what went wrong; std::errc::file_too_large where there is more than
// `bytes_max`, of which no more is read than it takes to know. Whoever reads says what the file is
// for. Opening a pipe waits for its writer.
std::expected<std::string, std::error_code> read_file(const std::string& path,
                                                      std::size_t bytes_max);

}  // namespace fas
