// What Application Auto Scaling says of scalable targets, and of their policies.
#include "clients/aws/services/application_auto_scaling.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::scalable_target {

void check(std::string_view input) {
    const clients::ScalableTargetId table{"dynamodb", "table/a",
                                          "dynamodb:table:ReadCapacityUnits"};
    const auto names = clients::read_names(answer_of(input), "DescribeScalingPolicies",
                                           "ScalingPolicies", "PolicyName");
    if (!names) require_sound(names.error());
    const auto several = clients::read_registered(answer_of(input), table.dimension);
    if (!several) require_sound(several.error());
    const auto target = clients::read_scalable_target(answer_of(input), table);
    if (!target) return require_sound(target.error());
    require(Tasks{0} <= target->min && target->min <= target->max, "bounds are in order");
}

}  // namespace fas::fuzz::scalable_target
