// What Lambda says of a function's provisioned concurrency.
#include "clients/aws/services/lambda.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::provisioned_concurrency {

void check(std::string_view input) {
    const auto read = clients::read_provisioned_concurrency(answer_of(input));
    if (!read) {
        require(read.error().kind == ErrorKind::invalid, "an unusable answer is invalid");
        return require_sound(read.error());
    }
    require(read->requested >= Tasks{0} && read->available >= Tasks{0}, "no fewer than 0");
    require(!read->status.empty(), "its status is known");
}

}  // namespace fas::fuzz::provisioned_concurrency
