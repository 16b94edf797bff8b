#include "settings/settings.h"

namespace fas::settings {

adapters::TargetDescription description_of(const TargetSettings& settings) {
    return {settings.cluster_name, settings.service_name, settings.target_options};
}

adapters::TargetIdentity identity_of(const TargetSettings& settings) {
    return settings.target_type().identity_of(description_of(settings));
}

std::string target_name(const TargetSettings& settings) {
    const auto identity = identity_of(settings);
    return identity.group + "/" + identity.name;
}

std::string queue_name(const QueueSettings& queue) { return queue.type().name_of(queue.options); }

}  // namespace fas::settings
