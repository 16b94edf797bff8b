#include "clients/s3.h"

#include <fmt/format.h>

#include <algorithm>

#include "sigv4/uri.h"

namespace fas::clients {

namespace {

constexpr AwsService s3{.name = "S3",
                        .signing_name = "s3",
                        .host_prefix = "s3",
                        .target_prefix = "",
                        .protocol = Protocol::rest_xml,
                        .path_encoding = sigv4::PathEncoding::as_sent,
                        .content_sha256_header = true};

// A name with a dot is no single label, which a wildcard certificate does not cover.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
bool fits_host_name(std::string_view bucket) {
    return std::all_of(bucket.begin(), bucket.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

void add_condition(AwsRequest& request, const WriteCondition& condition) {
    if (std::holds_alternative<IfAbsent>(condition)) {
        request.headers.push_back({"If-None-Match", "*"});
    } else if (const auto* match = std::get_if<IfMatch>(&condition)) {
        request.headers.push_back({"If-Match", match->etag});
    }
}

}  // namespace

S3Client::S3Client(AwsContext& context) : client_(context, s3) {}

AwsRequest S3Client::request_for(const std::string& bucket, const std::string& key) const {
    AwsRequest request;
    request.path = "/" + sigv4::uri_encode_path(key);
    const Result<Endpoint>& endpoint = client_.endpoint();
    const bool path_style = (endpoint && endpoint->user_named) || !fits_host_name(bucket);
    if (path_style) {
        request.path = "/" + sigv4::uri_encode(bucket) + request.path;
    } else if (endpoint) {
        request.host = fmt::format("{}.{}", bucket, endpoint->host);
    }
    return request;
}

reactor::Task<Result<S3Object>> S3Client::get_object(std::string bucket, std::string key,
                                                     reactor::Scope scope) {
    AwsRequest request = request_for(bucket, key);
    request.operation = "GetObject";
    request.method = "GET";
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return S3Object{std::move(response->body), std::string{response->header("etag")}};
}

reactor::Task<Result<std::string>> S3Client::put_object(std::string bucket, std::string key,
                                                        std::string body, WriteCondition condition,
                                                        reactor::Scope scope) {
    AwsRequest request = request_for(bucket, key);
    request.operation = "PutObject";
    request.method = "PUT";
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/json"}};
    add_condition(request, condition);
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return std::string{response->header("etag")};
}

}  // namespace fas::clients
