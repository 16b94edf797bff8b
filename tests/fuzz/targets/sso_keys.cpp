// The keys in the answer of the SSO portal.
#include "clients/aws/credentials/sso.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::sso_keys {

void check(std::string_view input) {
    const auto fetched = clients::read_role_credentials(answer_of(input));
    if (!fetched) {
        require_sound(fetched.error());
        require(fetched.error().kind == ErrorKind::invalid, "an answer without keys is invalid");
        return;
    }
    require_usable(*fetched);
    require(fetched->expires.has_value(), "a role's keys end");
}

}  // namespace fas::fuzz::sso_keys
