// What the Lambda runtime API hands out as the next event.
#include "app/runtime_api.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::invocation {

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    const auto invocation = app::read_invocation(answer);
    if (!invocation) {
        require_sound(invocation.error());
        require(invocation.error().kind == ErrorKind::invalid, "what is no invocation is invalid");
        return;
    }
    require(answer.status == 200, "an invocation comes with status 200");
    require(!invocation->request_id.empty(), "it can be answered");
    require(invocation->event == answer.body, "its event is what came");
    if (const auto deadline = invocation->deadline) {
        require(parse_iso8601(to_iso8601(*deadline)) == deadline, "its deadline is a time");
    }
}

}  // namespace fas::fuzz::invocation
