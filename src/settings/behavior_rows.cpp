// The setting `behavior`: {"scale_in": {"stabilization_window": 300, "policies": [{"type":
// "percent", "value": 10, "period": 60}], "select_policy": "max"}, "scale_out": {...}}.
#include <array>

#include "scaling/behavior.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

using scaling::Behavior;
using scaling::DirectionBehavior;
using scaling::RatePolicy;
using scaling::RateType;
using scaling::SelectPolicy;

// The window and the period are limited as in the HPA, which also bounds what is remembered.
constexpr Number window{0, 3600};
constexpr Number period{1, 1800};
constexpr std::size_t policies_max = 10;

constexpr std::array rate_type_names{Name{"tasks", RateType::tasks},
                                     Name{"percent", RateType::percent}};
constexpr std::array select_names{Name{"max", SelectPolicy::max}, Name{"min", SelectPolicy::min},
                                  Name{"disabled", SelectPolicy::disabled}};

constexpr std::array rate_rows{
    Row{"type", Choice{rate_type_names}, field<&RatePolicy::type>,
        "Whether value is a number of tasks or a percentage of those that there were.",
        Need::required},
    Row{"value", Integer{1, 100'000}, field<&RatePolicy::value>,
        "How many of them may come or go within the period.", Need::required, Example{"10"}},
    Row{"period", period, field<&RatePolicy::period>, "The period, in seconds.", Need::required,
        Example{"60"}},
};
constexpr Table rate_table = table_of<RatePolicy>(rate_rows);

constexpr std::array direction_rows{
    Row{"stabilization_window", window, field<&DirectionBehavior::stabilization_window>,
        "Seconds: of what was wanted in that time the least is done of scale-outs, and the most is "
        "kept of scale-ins."},
    Row{"policies", list<&DirectionBehavior::policies>(&rate_table, 0, policies_max), Field{},
        "How much may come or go in what time; without any, there is no limit."},
    Row{"select_policy", Choice{select_names}, field<&DirectionBehavior::select_policy>,
        "Whether the policy that allows the most counts or the one that allows the least; "
        "disabled: "
        "no change in this direction."},
};
constexpr Table direction_table = table_of<DirectionBehavior>(direction_rows);

constexpr std::array behavior_rows{
    Row{"scale_out", object<&Behavior::scale_out>(&direction_table), Field{}, "Of scale-outs."},
    Row{"scale_in", object<&Behavior::scale_in>(&direction_table), Field{}, "Of scale-ins."},
};

}  // namespace

constexpr Table behavior_table = table_of<Behavior>(behavior_rows);

}  // namespace fas::settings
