// How many descriptors the process has open, for tests of what leaves none.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace fas::test {

inline std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace fas::test
