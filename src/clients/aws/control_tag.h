// A tag that is meant for this program: its key begins with "fast-autoscaler:".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fas::clients {

struct ControlTag {
    std::string key;  // without that beginning
    std::string value;

    bool operator==(const ControlTag&) const = default;
};

// Any other tag is left out.
inline void add_control_tag(std::vector<ControlTag>& tags, std::string_view key,
                            std::string_view value) {
    constexpr std::string_view beginning = "fast-autoscaler:";
    if (!key.starts_with(beginning)) return;
    tags.push_back({std::string{key.substr(beginning.size())}, std::string{value}});
}

}  // namespace fas::clients
