#include "settings/reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"
#include "settings/unknown_key.h"

namespace fas::settings {

namespace {

constexpr json::Limits structure_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

std::string without_dot(std::string_view prefix) {
    return std::string{prefix.substr(0, prefix.size() - (prefix.ends_with('.') ? 1 : 0))};
}

// A structure: an object of its own, or one of a list of them.
void read_structure(const Section& structure, const json::Value& value, const Layer& layer,
                    const Context& context) {
    if (!value.is_object()) {
        context.problems->push_back(not_accepted(without_dot(structure.prefix), value, layer,
                                                 must_be(Object{.table = structure.table})));
        return;
    }
    const std::size_t problems_before = context.problems->size();
    for (const json::Member& member : read_members(value, {&structure, 1}, layer, context)) {
        context.problems->push_back({.key = structure.prefix + shown_key(member.key),
                                     .where = *layer.where,
                                     .hint = hint_for_unknown(member.key, *structure.table)});
    }
    if (context.problems->size() == problems_before) check_members(structure, layer, context);
}

void read_list(const List& type, void* owner, const std::string& key, const json::Value& value,
               const Layer& layer, const Context& context) {
    const std::vector<json::Value> items = value.items();
    if (!value.is_array() || items.size() < type.min || items.size() > type.max) {
        context.problems->push_back(not_accepted(key, value, layer, must_be(type)));
        return;
    }
    type.clear(owner);
    for (std::size_t i = 0; i < items.size(); ++i) {
        Notes notes;
        const Section item{.table = type.table,
                           .owner = type.append(owner),
                           .notes = &notes,
                           .prefix = fmt::format("{}[{}].", key, i)};
        read_structure(item, items[i], layer, context);
    }
}

void read_structure(const Section& section, const Row& row, const json::Value& value,
                    const Layer& layer, const Context& context) {
    const std::string key = section.key_of(row);
    if (const auto* list = std::get_if<List>(&row.type)) {
        read_list(*list, section.change(), key, value, layer, context);
        return;
    }
    const auto& object = std::get<Object>(row.type);
    Notes notes;
    const Section structure{.table = object.table,
                            .owner = object.open(section.change()),
                            .notes = &notes,
                            .prefix = key + "."};
    read_structure(structure, value, layer, context);
}

// In a structure nothing stands for anything else, wherever it is.
void set_structure(const Section& section, const Row& row, const Given& given,
                   const Context& context) {
    const std::size_t problems_before = context.problems->size();
    const Layer layer{.where = given.where};
    if (given.json) {
        read_structure(section, row, *given.json, layer, context);
    } else if (const auto document = json::parse(*given.text, structure_limits)) {
        read_structure(section, row, document->root(), layer, context);
    } else {
        context.problems->push_back({.key = section.key_of(row),
                                     .where = *given.where,
                                     .value = shown(given),
                                     .must_be = must_be(row.type),
                                     .hint = document.error().message});
    }
    if (context.problems->size() == problems_before) {
        section.note(row, given.where);
    } else {
        section.notes->wrong.set(section.table->index(row));
    }
}

std::optional<Part> part_of(const Section& section, const Row& row) {
    for (const Part& part : parts_of(section)) {
        if (part.row == &row) return part;
    }
    return std::nullopt;
}

// Keeps it; what is wrong with it, if it is not kept.
std::optional<std::string> keep(const Section& section, const Row& row, const Given& given,
                                const Context& context) {
    if (std::holds_alternative<KindName>(row.type)) {
        const Part part = *part_of(section, row);
        const auto kind = std::ranges::find(part.name->kinds, given.text.value_or(""), &Kind::name);
        if (kind == part.name->kinds.end()) return hint(row.type, given);
        choose(part, **kind, context);
        return std::nullopt;
    }
    const auto value = value_of(row.type, given);
    if (!value) return hint(row.type, given);
    if (row.field.set == nullptr) return std::nullopt;
    std::string problem = row.field.set(section.change(), *value);
    if (problem.empty()) return std::nullopt;
    return problem;
}

void read_value(const Section& section, const Row& row, const json::Value& value,
                const Layer& layer, const Context& context) {
    const bool absent = row.null_is_absent && value.is_null();
    if (absent || stands_for_nothing(value, layer)) return;
    set(section, row, given_json(value, layer.origin == Origin::event, layer.where), context);
}

void read_options(const Part& part, const json::Value& object, const Layer& layer,
                  const Context& context) {
    if (stands_for_nothing(object, layer)) return;
    const Section section = part.section();
    if (!object.is_object()) {
        context.problems->push_back(not_accepted(part.name->config, object, layer, "an object"));
        return;
    }
    for (const json::Member& member : read_members(object, {&section, 1}, layer, context)) {
        context.problems->push_back({.key = section.prefix + shown_key(member.key),
                                     .where = *layer.where,
                                     .hint = hint_for_unknown(member.key, part)});
    }
}

struct Found {
    const Section* section = nullptr;
    const Row* row = nullptr;
};

Found find_row(std::span<const Section> sections, std::string_view key) {
    for (const Section& section : sections) {
        if (const Row* row = section.table->find(key)) return {&section, row};
    }
    return {};
}

std::optional<Part> part_with_config(std::span<const Section> sections, std::string_view key) {
    for (const Section& section : sections) {
        for (const Part& part : parts_of(section)) {
            if (part.name->config == key) return part;
        }
    }
    return std::nullopt;
}

// Before everything else: the options are read by them.
void read_kinds(const json::Value& object, std::span<const Section> sections, const Layer& layer,
                const Context& context) {
    for (const Section& section : sections) {
        for (const Part& part : parts_of(section)) {
            const auto name = object.find(part.row->key);
            if (name) read_value(section, *part.row, *name, layer, context);
        }
    }
}

}  // namespace

std::string Section::place(const Row& row) const {
    return given(row) ? *notes->places[table->index(row)] : "default";
}

void Section::note(const Row& row, Place place) const {
    notes->given.set(table->index(row));
    notes->places.resize(table->rows.size());
    notes->places[table->index(row)] = std::move(place);
}

void Section::forget(const Row& row) const {
    notes->given.reset(table->index(row));
    row.field.set(change(), row.field.get(table->defaults()));
}

Section Part::section() const {
    return {.table = &options->kind().table,
            .options = options,
            .notes = notes,
            .prefix = std::string{name->config} + "."};
}

std::vector<Part> parts_of(const Section& section) {
    std::vector<Part> parts;
    if (section.kinds.empty()) return parts;
    for (const Row& row : section.table->rows) {
        const auto* name = std::get_if<KindName>(&row.type);
        if (name == nullptr) continue;
        parts.push_back({&row, name, &name->options(section.owner), &section.kinds[parts.size()]});
    }
    return parts;
}

void Context::refuse(const Section& section, const Row& row, Problem problem) const {
    section.notes->wrong.set(section.table->index(row));
    problem.key = section.key_of(row);
    problems->push_back(std::move(problem));
}

bool stands_for_nothing(const json::Value& value, const Layer& layer) {
    if (layer.origin == Origin::file) return false;
    return value.is_null() || (layer.origin == Origin::event && value.as_string() == "");
}

void set(const Section& section, const Row& row, const Given& given, const Context& context) {
    if (std::holds_alternative<Object>(row.type) || std::holds_alternative<List>(row.type)) {
        set_structure(section, row, given, context);
        return;
    }
    auto problem = keep(section, row, given, context);
    if (!problem) {
        section.note(row, given.where);
        return;
    }
    context.refuse(section, row,
                   {.where = *given.where,
                    .value = row.secret ? "***" : shown(given),
                    .must_be = must_be(row.type),
                    .hint = std::move(*problem)});
}

std::vector<json::Member> read_members(const json::Value& object, std::span<const Section> sections,
                                       const Layer& layer, const Context& context) {
    refuse_repeated_keys(object, sections.front().prefix, layer, context);
    read_kinds(object, sections, layer, context);
    std::vector<json::Member> others;
    for (const json::Member& member : object.members()) {
        if (std::ranges::find(layer.passed_over, member.key) != layer.passed_over.end()) continue;
        if (const auto [section, row] = find_row(sections, member.key); row != nullptr) {
            const bool read_already = std::holds_alternative<KindName>(row->type);
            if (!read_already) read_value(*section, *row, member.value, layer, context);
        } else if (const auto part = part_with_config(sections, member.key)) {
            read_options(*part, member.value, layer, context);
        } else {
            others.push_back(member);
        }
    }
    return others;
}

void choose(const Part& part, const Kind& kind, const Context& context) {
    if (&part.options->kind() == &kind) return;
    *part.options = Options{kind};
    *part.notes = {};
    set_from_environment(part.section(), context);
}

void set_from_environment(const Section& section, const Context& context) {
    if (context.environment == nullptr) return;
    std::string name;  // of each in turn: a cold start asks for all of them
    const auto is_set = [&](const Row& row) {
        const auto text = (*context.environment)(name.c_str());
        if (!text || text->empty()) return false;
        set(section, row, given_text(*text, place_of("environment variable " + name)), context);
        return true;
    };
    for (const Row& row : section.table->rows) {
        if (std::holds_alternative<KindName>(row.type)) continue;
        write_variable(*section.table, row, name);
        if (is_set(row) || row.variable_fallback.empty()) continue;
        name = row.variable_fallback;
        is_set(row);
    }
}

void check_members(const Section& section, const Layer& layer, const Context& context) {
    const std::size_t problems_before = context.problems->size();
    for (const Row& row : section.table->rows) {
        if (row.need != Need::required || section.given(row)) continue;
        context.refuse(section, row,
                       {.where = "missing in " + *layer.where, .must_be = must_be(row.type)});
    }
    if (section.table->check == nullptr || context.problems->size() != problems_before) return;
    const auto clash = section.table->check(section.get());
    if (!clash) return;
    context.problems->push_back({.key = without_dot(section.prefix + clash->key),
                                 .where = *layer.where,
                                 .hint = clash->message});
}

Problem not_accepted(std::string_view key, const json::Value& value, const Layer& layer,
                     std::string wanted) {
    return {.key = std::string(key),
            .where = *layer.where,
            .value = shown(given_json(value, false, nullptr)),
            .must_be = std::move(wanted)};
}

void refuse_repeated_keys(const json::Value& object, std::string_view prefix, const Layer& layer,
                          const Context& context) {
    for (const std::string_view key : object.repeated_keys()) {
        context.problems->push_back({.key = std::string{prefix} + shown_key(key),
                                     .where = *layer.where,
                                     .hint = "stands there more than once: keep one"});
    }
}

}  // namespace fas::settings
