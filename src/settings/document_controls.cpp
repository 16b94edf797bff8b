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

void impose(const scaling::Controls& controls, FleetSettings& fleet) {
    const auto impose_on = [&controls](TargetSettings& target) {
        target.rules = scaling::with_controls(target.rules, controls);
    };
    for (TargetSettings& target : fleet.targets) impose_on(target);
    for (DiscoverySettings& discovery : fleet.discoveries) {
        impose_on(discovery.defaults);
        auto draft = std::make_shared<Draft>(*discovery.draft);
        impose_on(draft->target);
        discovery.draft = std::move(draft);
    }
}

}  // namespace fas::settings
