#include "clients/aws/services/kinesis.h"

#include "base/excerpt.h"
#include "base/json_writer.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr AwsService kinesis{.name = "KINESIS",
                             .signing_name = "kinesis",
                             .host_prefix = "kinesis",
                             .target_prefix = "Kinesis_20131202",
                             .protocol = Protocol::json_1_1};

constexpr std::size_t status_bytes_max = 40;

}  // namespace

Result<std::string> read_stream_status(const reactor::HttpResponse& response) {
    JsonAnswer answer{kinesis.name, "DescribeStreamSummary", response};
    const JsonPart summary = answer.root().part("StreamDescriptionSummary");
    const std::string_view status = excerpt(summary.text_at("StreamStatus"), status_bytes_max);
    if (status.empty()) answer.lacks("StreamStatus");
    return answer.give(std::string{status});
}

KinesisClient::KinesisClient(AwsContext& context) : client_(context, kinesis) {}

reactor::Task<Result<std::string>> KinesisClient::stream_status(std::string name,
                                                                reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("StreamName", std::string_view{name}).end_object();
    auto response =
        co_await client_.call_json("DescribeStreamSummary", body.take(), std::move(scope));
    if (!response) {
        Error error = std::move(response.error());
        if (error.code == "ResourceNotFoundException") error.kind = ErrorKind::not_found;
        co_return error;
    }
    co_return read_stream_status(*response);
}

}  // namespace fas::clients
