#include "clients/aws/services/ssm.h"

#include "base/json_writer.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr AwsService ssm{.name = "SSM",
                         .signing_name = "ssm",
                         .host_prefix = "ssm",
                         .target_prefix = "AmazonSSM",
                         .protocol = Protocol::json_1_1};

// A value has 8 KiB at most; written in escapes it is six times as long.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
constexpr json::Limits parameter_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

}  // namespace

Result<SsmParameter> read_parameter(const reactor::HttpResponse& response) {
    JsonAnswer answer{ssm.name, "GetParameter", response, parameter_limits};
    const JsonPart parameter = answer.root().part("Parameter");
    const std::string_view value = parameter.text("Value");
    return answer.give(SsmParameter{std::string{value}, parameter.count("Version")});
}

SsmClient::SsmClient(AwsContext& context) : client_(context, ssm) {}

reactor::Task<Result<SsmParameter>> SsmClient::parameter(std::string name, reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("Name", std::string_view{name});
    body.member("WithDecryption", true).end_object();

    auto response = co_await client_.call_json("GetParameter", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_parameter(*response);
}

}  // namespace fas::clients
