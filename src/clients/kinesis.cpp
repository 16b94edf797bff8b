#include "clients/kinesis.h"

#include "base/excerpt.h"
#include "base/json_writer.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr AwsService kinesis{.name = "KINESIS",
                             .signing_name = "kinesis",
                             .host_prefix = "kinesis",
                             .target_prefix = "Kinesis_20131202",
                             .protocol = Protocol::json_1_1};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};
constexpr std::size_t status_bytes_max = 40;

}  // namespace

Result<std::string> read_stream_status(const reactor::HttpResponse& response) {
    const auto document = json::parse(response.body, answer_limits);
    const auto summary =
        document ? document->root().find("StreamDescriptionSummary") : std::nullopt;
    const auto status = summary ? summary->find("StreamStatus") : std::nullopt;
    const std::string_view text =
        excerpt(status ? status->as_string().value_or("") : "", status_bytes_max);
    if (text.empty()) {
        return Error{.kind = ErrorKind::invalid,
                     .message = "DescribeStreamSummary answered without a StreamStatus",
                     .service = std::string{kinesis.name},
                     .code = "UnusableAnswer",
                     .http_status = response.status,
                     .request_id = std::string{request_id(response)}};
    }
    return std::string{text};
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
