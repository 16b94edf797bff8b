// A parameter's value: read as it was written, and in no error.
#include "base/json_writer.h"
#include "clients/aws/services/ssm.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::ssm_parameter {

void check(std::string_view input) {
    const auto parameter = clients::read_parameter(answer_of(input));
    if (!parameter) {
        require_sound(parameter.error());
        require(parameter.error().message.find("hush") == std::string::npos,
                "an error holds no value");
        return;
    }
    require(parameter->version >= 0, "no version is below 0");
    JsonWriter json;
    json.begin_object().key("Parameter").begin_object();
    json.member("Value", std::string_view{parameter->value});
    json.member("Version", parameter->version).end_object().end_object();
    reactor::HttpResponse written{.status = 200, .headers = {}, .body = json.take()};
    const auto again = clients::read_parameter(written);
    // What is written anew may be longer: an escape for each byte.
    if (written.body.size() > std::size_t{64} << 10U) return;
    require(again && again->value == parameter->value && again->version == parameter->version,
            "what was read can be written, and read again as the same");
}

}  // namespace fas::fuzz::ssm_parameter
