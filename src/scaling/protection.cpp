#include "scaling/protection.h"

#include <fmt/format.h>

#include <string>

#include "base/quantity.h"

namespace fas::scaling {

Decision apply_protection(Decision recommendation, const Protection& protection) {
    if (recommendation.action != Action::scale_in) return recommendation;
    const auto& tasks = protection.tasks;
    if (tasks && *tasks <= recommendation.desired) return recommendation;
    const std::string why =
        tasks ? fmt::format("{} {} protected from a scale-in", quantity(*tasks), is_or_are(*tasks))
              : "it is unknown how many tasks are protected from a scale-in";
    if (!tasks || *tasks >= recommendation.current) {
        hold_instead(recommendation, why);
    } else {
        recommendation.desired = *tasks;
        recommendation.reason += ", but " + why;
    }
    return recommendation;
}

}  // namespace fas::scaling
