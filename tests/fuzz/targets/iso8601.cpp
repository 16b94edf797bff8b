// ISO 8601 times: what is accepted is written and read as the same time.
#include "base/time.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::iso8601 {

void check(std::string_view input) {
    const auto time = parse_iso8601(input);
    if (!time) return;
    require(parse_iso8601(to_iso8601(*time)) == time, "a time prints and parses to itself");
    const auto rounded = from_epoch_seconds(to_epoch_seconds(*time));
    require(rounded.has_value(), "a time can be written as epoch seconds");
    require(std::chrono::abs(*rounded - *time) < Milliseconds{1}, "which are as exact as a double");
}

}  // namespace fas::fuzz::iso8601
