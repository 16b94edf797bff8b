// Settings while they are being read.
#include <algorithm>
#include <utility>

#include "app/setting_table.h"

namespace fas::app {

namespace {

// Of a key that is in the table.
std::size_t index_of(std::string_view key) {
    return static_cast<std::size_t>(find_setting(key) - setting_table().data());
}

}  // namespace

const Kind& Draft::kind(Part part) const {
    const auto number_in = [](const auto& types, const auto* type) {
        return static_cast<std::size_t>(std::ranges::find(types, type) - types.begin());
    };
    const auto kinds = kinds_of(part);
    switch (part) {
        case Part::queue:
            return kinds[number_in(adapters::queue_kinds, target.queues.front().type)];
        case Part::target: return kinds[number_in(adapters::target_kinds, target.type)];
        case Part::state: break;
    }
    return kinds[number_in(adapters::store_kinds, target.store)];
}

void Draft::set_kind(Part part, const Kind& kind) {
    switch (part) {
        case Part::queue: target.queues.front().type = adapters::queue_kinds.at(kind.number); break;
        case Part::target: target.type = adapters::target_kinds.at(kind.number); break;
        case Part::state: target.store = adapters::store_kinds.at(kind.number); break;
    }
    options(part) = Options{kind.options};
    notes(part) = {};
}

const Options& Draft::options(Part part) const {
    switch (part) {
        case Part::queue: return target.queues.front().options;
        case Part::target: return target.target_options;
        case Part::state: break;
    }
    return target.state_options;
}

Options& Draft::options(Part part) {
    return const_cast<Options&>(std::as_const(*this).options(part));
}

std::string Draft::place(Part part, const Option& option) const {
    const auto& known = notes(part).places;
    const std::size_t number = number_of(part, option);
    return number < known.size() && known[number] ? *known[number] : "";
}

bool Draft::wrong(Part part, const Option& option) const {
    return notes(part).refused[number_of(part, option)];
}

void Draft::note(Part part, const Option& option, Place its_place) {
    auto& known = notes(part).places;
    known.resize(options(part).table().size());
    known[number_of(part, option)] = std::move(its_place);
}

void Draft::forget(Part part, const Option& option) {
    options(part).forget(option.key);
    auto& known = notes(part).places;
    if (!known.empty()) known[number_of(part, option)] = nullptr;
}

std::size_t Draft::number_of(Part part, const Option& option) const {
    return static_cast<std::size_t>(&option - options(part).table().data());
}

bool Draft::given(std::string_view key) const { return places[index_of(key)] != nullptr; }

std::string Draft::place(std::string_view key) const {
    const Place& place = places[index_of(key)];
    return place ? *place : "default";
}

bool Draft::wrong(std::string_view key) const { return refused[index_of(key)]; }

void Draft::note(const Setting& setting, Place place) {
    places[index_of(setting.key)] = std::move(place);
}

void Draft::forget(std::string_view key) {
    places[index_of(key)] = nullptr;
    if (key == "target_messages_per_task") target_messages_per_task.reset();
    if (key == "target_latency") target_latency_s.reset();
    if (key == "mean_processing_time") mean_processing_time_s.reset();
}

void Draft::refuse(Problem problem) {
    if (find_setting(problem.key) != nullptr) refused.set(index_of(problem.key));
    problems->push_back(std::move(problem));
}

void Draft::refuse(Part part, const Option& option, Problem problem) {
    notes(part).refused.set(number_of(part, option));
    problems->push_back(std::move(problem));
}

}  // namespace fas::app
