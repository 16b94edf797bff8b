// What Application Auto Scaling says of a scalable target.
#include "clients/aws/services/application_auto_scaling.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::scalable_target {

void check(std::string_view input) {
    const clients::ScalableTargetId table{"dynamodb", "table/a",
                                          "dynamodb:table:ReadCapacityUnits"};
    const auto target = clients::read_scalable_target(answer_of(input), table);
    if (!target) return require_sound(target.error());
    require(Tasks{0} <= target->min && target->min <= target->max, "bounds are in order");
}

}  // namespace fas::fuzz::scalable_target
