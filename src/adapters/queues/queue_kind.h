// A kind of queue: what the configuration calls it, what it can be told, and how one is made. Each
// kind is one file, or one folder, beside this one, and one line in kinds.h.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/kind.h"
#include "clients/aws/account.h"
#include "clients/brokers/brokers.h"
#include "engine/queue_source.h"

namespace fas::adapters {

using engine::QueueSource;

// What a source is made with; both must outlive it.
struct QueueContext {
    clients::AwsAccount& account;  // in the queue's region; its context has the reactor, the HTTP
                                   // client and the clock too
    clients::Brokers& brokers;
};

// The region that a queue says itself that it is in; nothing: the target's.
using RegionOf = std::optional<std::string> (*)(const Options& options);

struct QueueKind : Kind {  // queue_type
    // Of a queue, for reports and errors, so without secrets: "RabbitMQ queue jobs at mq:15671".
    std::string (*name_of)(const Options& options);

    std::unique_ptr<QueueSource> (*make)(const Options& options, QueueContext context);

    RegionOf region_of = nullptr;  // null: it is in the target's
};

// Of the kind whose options are this struct. `name_of` and `check` take it, and so does `make`,
// with the account.
template <class Struct, auto name_of, auto make, auto check = nullptr>
constexpr QueueKind queue_kind(std::string_view name, std::span<const Row> rows,
                               std::string_view variable_prefix, RegionOf region_of = nullptr) {
    return {kind_of<Struct, check>(name, rows, variable_prefix),
            [](const Options& options) { return name_of(options.as<Struct>()); },
            [](const Options& options, QueueContext context) {
                return make(options.as<Struct>(), context);
            },
            region_of};
}

// A `make` for a source that is made of these two.
template <class Source, class Struct>
std::unique_ptr<QueueSource> made(const Struct& options, QueueContext context) {
    return std::make_unique<Source>(options, context);
}

}  // namespace fas::adapters
