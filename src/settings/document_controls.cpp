#include "settings/document_controls.h"

#include <memory>

#include "json/reader.h"
#include "settings/draft.h"

namespace fas::settings {

scaling::Controls controls_of(const Document& document) {
    scaling::Controls controls;
    const auto parsed = json::parse(document.text, {.bytes_max = document_bytes_max});
    if (!parsed || !parsed->root().is_object()) return controls;
    if (const auto pause = parsed->root().find("pause")) {
        controls.pause =
            scaling::parse_pause(pause->as_string().value_or("")).value_or(scaling::Pause::all);
    }
    if (const auto hold_at = parsed->root().find("hold_at")) {
        const auto tasks = hold_at->as_int();
        if (tasks && *tasks >= 0 && *tasks <= tasks_max) {
            controls.hold_at = Tasks{*tasks};
        } else {
            controls.pause = scaling::Pause::all;
        }
    }
    return controls;
}

namespace {

// The draft is shared with whoever read it.
void change_rules(DiscoverySettings& discovery, const auto& change) {
    change(discovery.defaults.rules);
    auto draft = std::make_shared<Draft>(*discovery.draft);
    change(draft->target.rules);
    discovery.draft = std::move(draft);
}

}  // namespace

void replace_controls(const scaling::Controls& controls, DiscoverySettings& discovery) {
    change_rules(discovery, [&controls](scaling::Rules& rules) {
        rules.pause = controls.pause.value_or(scaling::Pause::none);
        rules.hold_at = controls.hold_at;
    });
}

void impose(const scaling::Controls& controls, FleetSettings& fleet) {
    const auto impose_on = [&controls](scaling::Rules& rules) {
        rules = scaling::with_controls(rules, controls);
    };
    for (TargetSettings& target : fleet.targets) impose_on(target.rules);
    for (DiscoverySettings& discovery : fleet.discoveries) change_rules(discovery, impose_on);
}

}  // namespace fas::settings
