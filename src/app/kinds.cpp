#include "app/kinds.h"

#include <algorithm>
#include <vector>

#include "adapters/queues/kinds.h"
#include "adapters/stores/kinds.h"
#include "adapters/targets/kinds.h"

namespace fas::app {

namespace {

std::vector<Kind> listed(const auto& types) {
    std::vector<Kind> kinds;
    kinds.reserve(types.size());
    for (const auto* type : types) kinds.push_back({type->name, type->options, kinds.size()});
    return kinds;
}

}  // namespace

std::string key_of(Part part, std::string_view option) {
    std::string key{keys_of(part).config};
    key += '.';
    key += option;
    return key;
}

std::span<const Kind> kinds_of(Part part) {
    static const std::vector<Kind> queues = listed(adapters::queue_kinds);
    static const std::vector<Kind> targets = listed(adapters::target_kinds);
    static const std::vector<Kind> states = listed(adapters::store_kinds);
    switch (part) {
        case Part::queue: return queues;
        case Part::target: return targets;
        case Part::state: return states;
    }
    return {};
}

const Kind* find_kind(Part part, std::string_view name) {
    const auto kinds = kinds_of(part);
    const auto found = std::ranges::find(kinds, name, &Kind::name);
    return found == kinds.end() ? nullptr : &*found;
}

}  // namespace fas::app
