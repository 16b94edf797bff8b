// Numbers as people read them, with as many digits as matter. What is no number is "-".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace fas::simulation {

// "40 ms", "0.4 s", "12 s", "3 min 20 s", "45 min", "2.1 h", "3.5 d"; a minus before what is below
// 0.
std::string duration_text(Seconds duration);

std::string number_text(double number);  // "0.004", "1.23", "12.3", "12", "1,234"
std::string count_text(double count);    // "1,234"
std::string money_text(double dollars);  // "$0.004", "$4.10", "$1,234"
std::string share_text(
    double share);  // of 0 to 1, or beyond: "0 %", "below 0.1 %", "0.4 %", "12 %"

}  // namespace fas::simulation
