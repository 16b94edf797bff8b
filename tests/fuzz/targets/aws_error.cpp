// Error answers, read by the rules of every protocol.
#include <array>

#include "clients/aws/error.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::aws_error {

namespace {

using clients::AwsService;
using clients::Protocol;

constexpr std::array services{
    AwsService{.name = "A",
               .signing_name = "a",
               .host_prefix = "a",
               .target_prefix = "A",
               .protocol = Protocol::json_1_0},
    AwsService{.name = "B",
               .signing_name = "b",
               .host_prefix = "b",
               .target_prefix = "B",
               .protocol = Protocol::json_1_1},
    AwsService{.name = "C",
               .signing_name = "c",
               .host_prefix = "c",
               .target_prefix = "",
               .protocol = Protocol::rest_json},
    AwsService{.name = "D",
               .signing_name = "d",
               .host_prefix = "d",
               .target_prefix = "",
               .protocol = Protocol::rest_xml},
    AwsService{.name = "E",
               .signing_name = "e",
               .host_prefix = "e",
               .target_prefix = "2011-06-15",
               .protocol = Protocol::query},
};

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    for (const AwsService& service : services) {
        const Error error = clients::parse_aws_error(service, "DoThis", answer);
        require_sound(error);
        require(error.service == service.name, "an error names its service");
        require(error.http_status == answer.status, "an error has its answer's status");
        require(!error.code.empty(), "an error has a code");
        require(error.message.find("DoThis") != std::string::npos, "a message names the operation");
        require(error.kind == clients::kind_of(error.code, answer.status),
                "the remedy follows from code and status");
        const bool again = error.kind == ErrorKind::retryable || error.kind == ErrorKind::throttled;
        require(again || answer.status < 500, "a server's failure is worth another attempt");
        require(error.kind == ErrorKind::throttled || answer.status != 429, "429 is throttling");
    }
}

}  // namespace fas::fuzz::aws_error
