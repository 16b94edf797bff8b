#include "base/time_zone_files.h"

#include <dirent.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"
#include "base/excerpt.h"
#include "base/nearest_name.h"
#include "base/read_file.h"

namespace fas {

namespace {

constexpr std::size_t file_bytes_max = 256UL * 1024;
constexpr std::size_t name_bytes_max = 64;

struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
};

// Parts of letters, digits and a few signs, none of which leads out of the folder.
bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > name_bytes_max || name.ends_with('/')) return false;
    char before = '/';
    for (const char c : name) {
        if (!is_alphanumeric(c) && !std::string_view{"_-+/"}.contains(c)) return false;
        if (before == '/' && !is_letter(c)) return false;
        before = c;
    }
    return true;
}

bool is_utc(std::string_view name) {
    constexpr std::array names{"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z"};
    return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, CloseFolder> folder{opendir(path.c_str())};
    if (!folder) return names;
    while (const dirent* entry = readdir(folder.get())) names.emplace_back(entry->d_name);
    return names;
}

// Of the same continent, and else the continent.
std::string hint(std::string_view name, std::string_view folder) {
    const auto slash = name.rfind('/');
    const std::string_view region =
        slash == std::string_view::npos ? std::string_view{} : name.substr(0, slash + 1);
    const std::vector<std::string> names = names_in(fmt::format("{}/{}", folder, region));
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto near = nearest_name(name.substr(region.size()), known);
    return near ? fmt::format("; did you mean {}{}?", region, *near) : "";
}

Error no_data(std::string_view name, std::string_view folder, const std::string& why) {
    if (names_in(std::string{folder}).empty()) {
        return {ErrorKind::invalid,
                fmt::format("no data of time zone {} on this system ({} is not there): install "
                            "tzdata, or use UTC",
                            name, folder)};
    }
    return {ErrorKind::invalid, fmt::format("no data of time zone {} on this system ({}/{}: {}){}",
                                            name, folder, name, why, hint(name, folder))};
}

}  // namespace

Result<std::shared_ptr<const TimeZone>> load_time_zone(std::string_view name,
                                                       std::string_view folder) {
    if (is_utc(name)) return std::make_shared<const TimeZone>();
    if (!is_zone_name(name)) {
        return Error{ErrorKind::invalid,
                     fmt::format("\"{}\" is not the name of a time zone, such as Europe/Berlin",
                                 excerpt(name, name_bytes_max))};
    }
    const auto bytes = read_file(fmt::format("{}/{}", folder, name), file_bytes_max);
    if (!bytes) return no_data(name, folder, bytes.error().message());
    auto zone = parse_time_zone(*bytes);
    if (!zone) {
        return Error{ErrorKind::invalid,
                     fmt::format("time zone {}: {}", name, zone.error().message)};
    }
    return std::make_shared<const TimeZone>(std::move(*zone));
}

}  // namespace fas
