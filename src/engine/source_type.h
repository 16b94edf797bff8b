// A kind of queue: what the configuration calls it, what it can be told, and how one is made. Each
// kind is one file in sources/, and one line in sources/types.h.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/kind.h"
#include "clients/aws_account.h"
#include "engine/queue_source.h"

namespace fas::engine {

struct SourceType : Kind {  // queue_type
    // Of a queue, for reports and errors, so without secrets: "RabbitMQ queue jobs at mq:15671".
    std::string (*name_of)(const Options& options);

    // The account, whose context has the reactor, the HTTP client and the clock as well, must
    // outlive the source.
    std::unique_ptr<QueueSource> (*make)(const Options& options, clients::AwsAccount& account);

    // The region that the queue says itself that it is in, and the option that does. Null: it says
    // nothing.
    struct OwnRegion {
        std::string_view key;
        std::string region;
    };
    std::optional<OwnRegion> (*region_of)(const Options& options) = nullptr;
};

}  // namespace fas::engine
