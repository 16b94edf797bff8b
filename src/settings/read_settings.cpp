#include "settings/read_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "json/reader.h"
#include "settings/checks.h"
#include "settings/fleet_lists.h"
#include "settings/tables.h"
#include "settings/target_object.h"

namespace fas::settings {

namespace {

constexpr json::Limits file_limits{.bytes_max = document_bytes_max};

std::optional<json::Document> parse_document(const Document& document, json::Limits limits,
                                             std::string_view wanted, Draft& draft) {
    auto parsed = json::parse(document.text, limits);
    if (parsed) return std::move(*parsed);
    draft.refuse(
        {.where = document.name, .must_be = std::string(wanted), .hint = parsed.error().message});
    return std::nullopt;
}

// One reading: the documents stay until the targets that stand in them have been read.
class Reading {
  public:
    Reading(const SettingsSources& sources, Purpose purpose)
        : sources_(sources), purpose_(purpose), top_{.context = {&problems_}} {}

    ReadSettings read();

  private:
    void choose_kinds_before_file(const json::Value& file);
    void read_file(const Document& file);
    void read_environment();
    void read_event(const Document& event);
    void read_profile();
    void read_top(const json::Value& object, const Layer& layer);
    void add_single_target();

    const SettingsSources& sources_;
    Purpose purpose_;
    std::vector<Problem> problems_;
    Draft top_;
    std::optional<json::Document> file_;
    std::optional<json::Document> event_;
    FleetLists lists_;
    FleetSettings fleet_;
};

// The file may leave it to the environment to say what kind its options are of.
void Reading::choose_kinds_before_file(const json::Value& file) {
    for (const Part& part : parts_of(top_.target_section())) {
        if (file.find(part.row->key)) continue;
        const auto name = sources_.environment(variable_of(target_table, *part.row).c_str());
        const auto kind = std::ranges::find(part.name->kinds, name.value_or(""), &Kind::name);
        if (kind != part.name->kinds.end()) choose(part, **kind, top_.context);
    }
}

void Reading::read_file(const Document& file) {
    constexpr std::string_view wanted = "one JSON object";
    file_ = parse_document(file, file_limits, wanted, top_);
    if (!file_) return;
    if (file_->root().is_object()) {
        choose_kinds_before_file(file_->root());
        read_top(file_->root(), {.where = place_of(file.name)});
        return;
    }
    top_.refuse({.where = file.name,
                 .must_be = std::string(wanted),
                 .hint = fmt::format("it holds one {}", file_->root().type_name())});
}

// A scheduler's event need not have anything of ours: it changes nothing then.
void Reading::read_event(const Document& event) {
    event_ = parse_document(event, event_limits, "one JSON document", top_);
    if (!event_) return;
    const json::Value root = event_->root();
    const auto config = root.find("config");
    if (!config) return;

    const Layer layer{.where = place_of(event.name), .origin = Origin::event};
    const auto repeated = root.repeated_keys();
    if (std::ranges::find(repeated, "config") != repeated.end()) {
        top_.refuse({.key = "config",
                     .where = event.name,
                     .hint = "stands there more than once: keep one"});
    }
    if (config->is_object()) {
        read_top(*config, layer);
    } else {
        top_.refuse(not_accepted("config", *config, layer, "an object"));
    }
}

// Lists are not merged: an event's take the place of the file's, both of them.
void Reading::read_top(const json::Value& object, const Layer& layer) {
    const ObjectLists found = read_object(object, ObjectKind::top, layer, top_);
    if (!found.targets && !found.discover) return;
    lists_ = {};
    if (found.targets) lists_.targets = FleetList{*found.targets, layer};
    if (found.discover) lists_.discover = FleetList{*found.discover, layer};
}

// Kinds first, since each has variables of its own.
void Reading::read_environment() {
    const Section target = top_.target_section();
    for (const Part& part : parts_of(target)) {
        const std::string name = variable_of(target_table, *part.row);
        const auto text = sources_.environment(name.c_str());
        if (!text || text->empty()) continue;
        set(target, *part.row, given_text(*text, place_of("environment variable " + name)),
            top_.context);
    }
    top_.context.environment = &sources_.environment;
    set_from_environment(target, top_.context);
    set_from_environment(top_.process_section(), top_.context);
    for (const Part& part : parts_of(target)) set_from_environment(part.section(), top_.context);
}

// Asked even when a region is given: the profile must be there in any case.
void Reading::read_profile() {
    const std::string& profile = top_.process.sso_profile;
    const auto region = sources_.profile_region(profile);
    if (!region) {
        top_.refuse({.key = profile.empty() ? "" : "sso_profile",
                     .where = profile.empty() ? "the shared AWS files"
                                              : top_.process_section().place(
                                                    *process_table.find("sso_profile")),
                     .hint = region.error().message});
    } else if (*region && !top_.given("region")) {
        set(top_.target_section(), target_row("region"),
            given_text(**region, place_of("region of the AWS profile")), top_.context);
    }
}

void Reading::add_single_target() {
    check_settings(top_, purpose_ == Purpose::check ? Required::all : Required::none);
    fleet_.targets.push_back(std::move(top_.target));
}

ReadSettings Reading::read() {
    if (sources_.file) read_file(*sources_.file);
    read_environment();
    if (sources_.event) read_event(*sources_.event);
    if (purpose_ == Purpose::check && sources_.profile_region) read_profile();
    fleet_.process = top_.process;
    fleet_.listed = lists_.targets || lists_.discover;
    if (fleet_.listed) {
        read_fleet_lists(lists_, top_, purpose_, fleet_);
    } else {
        add_single_target();
    }
    if (!problems_.empty()) return std::move(problems_);
    return std::move(fleet_);
}

}  // namespace

ReadSettings read_settings(const SettingsSources& sources, Purpose purpose) {
    return Reading{sources, purpose}.read();
}

std::vector<Problem> problems_of(const ReadSettings& read) {
    if (const auto* problems = std::get_if<std::vector<Problem>>(&read)) return *problems;
    std::vector<Problem> all;
    for (const RefusedTarget& refused : std::get<FleetSettings>(read).refused) {
        all.insert(all.end(), refused.problems.begin(), refused.problems.end());
    }
    return all;
}

bool all_refused(const ReadSettings& read) {
    const auto* fleet = std::get_if<FleetSettings>(&read);
    return fleet != nullptr && fleet->targets.empty() && fleet->discoveries.empty();
}

}  // namespace fas::settings
