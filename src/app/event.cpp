#include "app/event.h"

#include <utility>

#include "json/reader.h"

namespace fas::app {

Result<Event> read_event(Document document) {
    Event event;
    if (const auto parsed = json::parse(document.text, settings::event_limits)) {
        if (const auto shard = parsed->root().find("shard")) {
            auto asked_for = parse_shard(shard->as_string().value_or(""));
            if (!asked_for) return asked_for.error();
            event.shard = *asked_for;
        }
        if (!parsed->root().find("config")) return event;
    }
    event.settings = std::move(document);
    return event;
}

}  // namespace fas::app
