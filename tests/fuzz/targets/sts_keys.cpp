// The keys of a role in the answer of STS.
#include "clients/aws/services/sts.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::sts_keys {

void check(std::string_view input) {
    for (const std::string_view operation : {"AssumeRole", "AssumeRoleWithWebIdentity"}) {
        const auto fetched = clients::read_role_keys(answer_of(input), operation);
        if (!fetched) {
            require_sound(fetched.error());
            require(fetched.error().kind == ErrorKind::invalid, "no keys: the answer is invalid");
            continue;
        }
        require_usable(*fetched);
        require(fetched->expires.has_value(), "a role's keys end");
    }
}

}  // namespace fas::fuzz::sts_keys
