#include "clients/ssm.h"

#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr AwsService ssm{.name = "SSM",
                         .signing_name = "ssm",
                         .host_prefix = "ssm",
                         .target_prefix = "AmazonSSM",
                         .protocol = Protocol::json_1_1};

// A value has 8 KiB at most; written in escapes it is six times as long.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
constexpr json::Limits answer_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

Error unusable(const reactor::HttpResponse& response, std::string why) {
    return {.kind = ErrorKind::invalid,
            .message = "GetParameter answered something unusable: " + std::move(why),
            .service = std::string{ssm.name},
            .code = "UnusableAnswer",
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

}  // namespace

Result<SsmParameter> read_parameter(const reactor::HttpResponse& response) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    const auto parameter = document->root().find("Parameter");
    if (!parameter) return unusable(response, "it has no Parameter");
    const auto value = parameter->find("Value");
    const auto text = value ? value->as_string() : std::nullopt;
    if (!text) return unusable(response, "no Value");
    const auto version = parameter->find("Version");
    const auto number = version ? version->as_int() : std::nullopt;
    if (!number || *number < 0) return unusable(response, "no Version");
    return SsmParameter{std::string{*text}, *number};
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
