// What an event of the Lambda function asks for. Most are a scheduler's, which ask for nothing of
// their own.
#pragma once

#include <optional>

#include "app/settings.h"
#include "app/shard.h"
#include "base/result.h"

namespace fas::app {

struct Event {
    Shard shard;                       // {"shard": "3/16"}; the whole where it asks for none
    std::optional<Document> settings;  // the event itself, where it has a "config"
};

// What is no JSON counts as settings, whose reading says so. Errors: those of parse_shard().
Result<Event> read_event(Document document);

}  // namespace fas::app
