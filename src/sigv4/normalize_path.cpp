#include "sigv4/normalize_path.h"

#include <algorithm>
#include <cstddef>

namespace fas::sigv4 {

std::string normalize_path(std::string_view path) {
    std::string normalized;  // "/a/b" while segments are added, without a slash at the end
    for (std::size_t begin = 0; begin < path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view segment = path.substr(begin, end - begin);
        begin = end + 1;
        if (segment.empty() || segment == ".") continue;
        if (segment == "..") {
            if (!normalized.empty()) normalized.resize(normalized.rfind('/'));
        } else {
            normalized += '/';
            normalized += segment;
        }
    }
    if (normalized.empty() || path.ends_with('/')) normalized += '/';
    return normalized;
}

}  // namespace fas::sigv4
