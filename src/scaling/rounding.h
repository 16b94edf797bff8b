// Rounding of computed task counts. Decimal parameters have no exact binary form: 700 x 0.01 is
// 7.000000000000001, which must be 7 tasks and not 8. Results are kept within a range that any
// later sum can hold.
#pragma once

#include "base/count.h"

namespace fas::scaling {

Tasks tasks_rounded_up(double tasks);
Tasks tasks_rounded_down(double tasks);

}  // namespace fas::scaling
