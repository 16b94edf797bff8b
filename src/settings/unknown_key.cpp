#include "settings/unknown_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/nearest_name.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

// One spelling for min_tasks, MIN_TASKS, minTasks and min-tasks.
std::string squeezed(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (c == '_' || c == '-' || c == '.') continue;
        result += to_lower(c);
    }
    return result;
}

std::string_view leaf(std::string_view key) { return key.substr(key.rfind('.') + 1); }

// The row that a key is another spelling of, or whose variable it is; null where there is none.
const Row* spelt_otherwise(const Table& table, std::string_view key) {
    const std::string spelling = squeezed(key);
    const auto found = std::ranges::find_if(table.rows, [&](const Row& row) {
        return spelling == squeezed(row.key) || spelling == squeezed(variable_of(table, row));
    });
    return found == table.rows.end() ? nullptr : &*found;
}

// The keys beside which and in which kinds are written.
std::vector<std::pair<std::string_view, KindName>> kind_names() {
    std::vector<std::pair<std::string_view, KindName>> names;
    for (const Row& row : target_table.rows) {
        if (const auto* name = std::get_if<KindName>(&row.type)) names.emplace_back(row.key, *name);
    }
    return names;
}

// An option that an unknown key may stand for, of whatever kind; empty when there is none. "did you
// mean queue_config.queue_url? It is written {"queue_config": {"queue_url": ...}}"
std::string option_meant_by(std::string_view key) {
    for (const auto& [type_key, name] : kind_names()) {
        for (const Kind* kind : name.kinds) {
            const Row* row = spelt_otherwise(kind->table, leaf(key));
            if (row == nullptr) continue;
            const std::string of_kind = kind == name.kinds.front()
                                            ? ""
                                            : fmt::format(R"( of {} "{}")", type_key, kind->name);
            return fmt::format(R"(did you mean {}.{}{}? It is written {{"{}": {{"{}": ...}}}})",
                               name.config, row->key, of_kind, name.config, row->key);
        }
    }
    return {};
}

// The setting that an unknown key may stand for; empty when there is none.
std::string setting_meant_by(std::string_view key) {
    std::vector<std::string_view> names = {"targets", "discover", "queues"};
    for (const auto& [type_key, name] : kind_names()) names.push_back(name.config);
    for (const Table* table : {&target_table, &process_table}) {
        if (const Row* row = spelt_otherwise(*table, key)) {
            return fmt::format("did you mean {}?", row->key);
        }
        for (const Row& row : table->rows) names.push_back(row.key);
    }
    if (std::string option = option_meant_by(key); !option.empty()) return option;
    const auto near = nearest_name(key, names);
    return near ? fmt::format("did you mean {}?", *near) : "";
}

std::vector<std::string_view> keys_of(const Table& table) {
    std::vector<std::string_view> keys;
    for (const Row& row : table.rows) keys.push_back(row.key);
    return keys;
}

}  // namespace

std::string hint_for_unknown(std::string_view key) {
    const std::string meant = setting_meant_by(key);
    return meant.empty() ? "there is no such setting" : "there is no such setting; " + meant;
}

std::string hint_for_unknown(std::string_view key, const Table& table) {
    const auto near = nearest_name(key, keys_of(table));
    if (near) return fmt::format("there is no such setting; did you mean {}?", *near);
    return fmt::format("there is no such setting; there are {}", fmt::join(keys_of(table), ", "));
}

std::string hint_for_unknown(std::string_view key, const Part& part) {
    const Kind& kind = part.options->kind();
    const auto near = nearest_name(squeezed(key), keys_of(kind.table));
    if (near) {
        return fmt::format("there is no such setting; did you mean {}.{}?", part.name->config,
                           *near);
    }
    for (const Kind* other : part.name->kinds) {
        if (other->table.find(key) == nullptr) continue;
        return fmt::format(R"({} is "{}", which has no such setting: "{}" has)", part.row->key,
                           kind.name, other->name);
    }
    const std::string meant = setting_meant_by(key);
    return fmt::format(R"({} is "{}", which has no such setting{}{})", part.row->key, kind.name,
                       meant.empty() ? "" : "; ", meant);
}

}  // namespace fas::settings
