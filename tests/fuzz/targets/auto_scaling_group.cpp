// What EC2 Auto Scaling says of a group: lists in lists of XML.
#include "clients/aws/services/auto_scaling.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::auto_scaling_group {

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    const auto refreshing = clients::read_refreshing(answer);
    if (!refreshing) require_sound(refreshing.error());
    const auto policies = clients::read_policies(answer);
    if (!policies) require_sound(policies.error());
    const auto actions = clients::read_scheduled_actions(answer);
    if (!actions) require_sound(actions.error());
    const auto group = clients::read_group(answer);
    if (!group) return require_sound(group.error());
    require(Tasks{0} <= group->min && group->min <= group->max, "bounds are in order");
    require(group->desired >= Tasks{0}, "no fewer than 0 are wanted");
    require(group->running >= Tasks{0} && group->pending >= Tasks{0}, "no fewer than 0 are there");
    require(group->protected_from_in <= group->running + group->pending, "who is protected counts");
}

}  // namespace fas::fuzz::auto_scaling_group
