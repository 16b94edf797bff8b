// The backlog of a Kafka consumer group: asked for in Kafka's own protocol, or of CloudWatch, where
// Amazon MSK keeps it.
#pragma once

#include "engine/source_type.h"

namespace fas::engine {

extern const SourceType kafka_source;

}  // namespace fas::engine
