// A file's whole text, up to a limit: configuration, certificates, keys, state.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <system_error>

namespace fas {

// Regular files alone, and /dev/null, which is empty: whatever else has a name, as a pipe whose
// writer never comes, is refused and not waited for. Errors: the system's word for what went wrong;
// invalid_argument, which says so, for what is no regular file; std::errc::file_too_large where
// there is more than `bytes_max`, of which no more is read than it takes to know. Whoever reads
// says what the file is for.
std::expected<std::string, std::error_code> read_file(const std::string& path,
                                                      std::size_t bytes_max);

}  // namespace fas
