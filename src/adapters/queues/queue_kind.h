// A kind of queue: what the configuration calls it, what it can be told, and how one is made. Each
// kind is one file, or one folder, beside this one, and one line in kinds.h.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/option.h"
#include "clients/aws/account.h"
#include "clients/brokers/brokers.h"
#include "engine/queue_source.h"

namespace fas::adapters {

using engine::QueueSource;

// What a source is made with; both must outlive it.
struct QueueContext {
    clients::AwsAccount& account;  // its context has the reactor, the HTTP client and the clock too
    clients::Brokers& brokers;
};

struct QueueKind {
    std::string_view name;  // queue_type
    std::span<const Option> options;

    // Of a queue, for reports and errors, so without secrets: "RabbitMQ queue jobs at mq:15671".
    std::string (*name_of)(const Options& options);

    // Null: whatever is right by itself is right together. `region` is the target's.
    std::optional<OptionProblem> (*problem)(const Options& options, std::string_view region);

    std::unique_ptr<QueueSource> (*make)(const Options& options, QueueContext context);
};

}  // namespace fas::adapters
