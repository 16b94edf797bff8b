// A page of ARNs: none is empty, and what was read can be written and read again.
#include "base/json_writer.h"
#include "clients/aws/services/ecs_answers.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::ecs_page {

void check(std::string_view input) {
    const auto page = clients::read_page(answer_of(input), "ListServices", "serviceArns");
    if (!page) return require_sound(page.error());
    JsonWriter json;
    json.begin_object().key("serviceArns").begin_array();
    for (const std::string& arn : page->arns) {
        require(!arn.empty(), "an ARN says something");
        json.value(std::string_view{arn});
    }
    json.end_array().member("nextToken", std::string_view{page->next_token}).end_object();
    const reactor::HttpResponse written{.status = 200, .headers = {}, .body = json.take()};
    const auto again = clients::read_page(written, "ListServices", "serviceArns");
    require(again && again->arns == page->arns && again->next_token == page->next_token,
            "what was read can be written, and read again as the same");
}

}  // namespace fas::fuzz::ecs_page
