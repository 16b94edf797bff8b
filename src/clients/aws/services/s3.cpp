#include "clients/aws/services/s3.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/crc32.h"
#include "base/uri_encode.h"
#include "clients/answers/answer.h"
#include "clients/aws/error.h"
#include "clients/aws/xml.h"

namespace fas::clients {

namespace {

constexpr AwsService s3{.name = "S3",
                        .signing_name = "s3",
                        .host_prefix = "s3",
                        .target_prefix = "",
                        .protocol = Protocol::rest_xml,
                        .path_encoding = sigv4::PathEncoding::as_sent,
                        .content_sha256_header = true};

// The codes that come with another status than 301, 302 or 307.
constexpr std::array<std::string_view, 2> wrong_region_codes{
    "AuthorizationHeaderMalformed",       // the signature's region is not the bucket's
    "IllegalLocationConstraintException"  // the bucket is in a region that an account opts in to
};

// A name with a dot is no single label, which a wildcard certificate does not cover.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
bool fits_host_name(std::string_view bucket) {
    return bucket.size() >= 3 && bucket.size() <= 63 && !bucket.starts_with('-') &&
           !bucket.ends_with('-') && std::ranges::all_of(bucket, [](char c) {
               return is_lower_letter(c) || is_digit(c) || c == '-';
           });
}

void add_condition(AwsRequest& request, const WriteCondition& condition) {
    if (const auto* match = std::get_if<IfMatch>(&condition)) {
        request.headers.push_back({"If-Match", match->etag});
    } else {
        request.headers.push_back({"If-None-Match", "*"});
    }
}

void add_header(AwsRequest& request, std::string name, std::string value) {
    if (!value.empty()) request.headers.push_back({std::move(name), std::move(value)});
}

// The most significant byte first.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
std::string checksum(std::string_view body) {
    const std::uint32_t sum = crc32(body);
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(sum >> shift & 0xFFU);
    return base64(bytes);
}

void add_terms_of_writing(AwsRequest& request, S3Terms terms) {
    add_header(request, "x-amz-expected-bucket-owner", std::move(terms.expected_owner));
    add_header(request, "x-amz-server-side-encryption", std::move(terms.encryption));
    add_header(request, "x-amz-server-side-encryption-aws-kms-key-id", std::move(terms.kms_key_id));
}

AwsRequest object_request(std::string operation, std::string method, std::string_view key) {
    AwsRequest request;
    request.operation = std::move(operation);
    request.method = std::move(method);
    request.path = fmt::format("/{}", uri_encode_path(key));
    return request;
}

bool is_redirect_status(int status) { return status == 301 || status == 302 || status == 307; }

bool names_another_region(const reactor::HttpResponse& response) {
    return region_of_redirect(response).has_value();
}

bool is_unchanged(const reactor::HttpResponse& response) { return response.status == 304; }

bool is_unchanged_or_elsewhere(const reactor::HttpResponse& response) {
    return is_unchanged(response) || names_another_region(response);
}

Result<std::string> read_etag(const reactor::HttpResponse& response, std::string_view operation) {
    Answer answer{s3.name, operation, response};
    const std::string_view etag = response.header("etag");
    if (etag.empty()) answer.lacks("ETag");
    return answer.give(std::string{etag});
}

}  // namespace

BucketAddress bucket_address(const Endpoint& s3_endpoint, std::string_view bucket) {
    if (s3_endpoint.user_named || !fits_host_name(bucket)) {
        return {s3_endpoint.host, fmt::format("/{}", uri_encode(bucket))};
    }
    return {fmt::format("{}.{}", bucket, s3_endpoint.host), ""};
}

std::optional<std::string> region_of_redirect(const reactor::HttpResponse& response) {
    if (succeeded(response)) return std::nullopt;
    if (!is_redirect_status(response.status)) {
        const auto code = xml_text(response.body, {"Error", "Code"});
        if (!code || std::ranges::find(wrong_region_codes, *code) == wrong_region_codes.end()) {
            return std::nullopt;
        }
    }
    std::string region{response.header("x-amz-bucket-region")};
    if (region.empty()) region = xml_text(response.body, {"Error", "Region"}).value_or("");
    if (!is_region_name(region)) return std::nullopt;
    return region;
}

S3Client::S3Client(AwsContext& context) : context_(context), client_(context, s3) {}

const std::string& S3Client::region_of(const std::string& bucket) const {
    const auto known = regions_.find(bucket);
    return known == regions_.end() ? client_.endpoint()->region : known->second;
}

// An address that the user named stays what it is; a bucket elsewhere is then only signed for.
Result<AwsRequest> S3Client::addressed(AwsRequest request, const std::string& bucket) const {
    request.region = region_of(bucket);
    // A client's region in the older form, "fips-us-east-1", asks for FIPS elsewhere too.
    const bool older_form = context_.region != client_.endpoint()->region;
    const std::string region = older_form ? fmt::format("fips-{}", request.region) : request.region;
    const auto endpoint = resolve_endpoint(s3, region, context_.settings);
    if (!endpoint) return endpoint.error();
    BucketAddress address = bucket_address(*endpoint, bucket);
    request.host = std::move(address.host);
    request.path.insert(0, address.path);
    return request;
}

reactor::Task<Result<reactor::HttpResponse>> S3Client::send(std::string bucket, AwsRequest request,
                                                            reactor::Scope scope) {
    if (!client_.endpoint()) co_return client_.endpoint().error();
    auto first = addressed(request, bucket);
    if (!first) co_return first.error();
    first->readable =
        request.readable == nullptr ? names_another_region : is_unchanged_or_elsewhere;
    const std::string asked_for = first->region;  // what is remembered may change meanwhile
    auto response = co_await client_.send(std::move(*first), scope);
    if (!response || succeeded(*response) || is_unchanged(*response)) co_return response;

    const std::string region = region_of_redirect(*response).value_or("");
    if (region == asked_for) {
        co_return parse_aws_error(s3, request.operation, *response);
    }
    regions_[bucket] = region;
    auto second = addressed(std::move(request), bucket);
    if (!second) co_return second.error();
    co_return co_await client_.send(std::move(*second), std::move(scope));
}

reactor::Task<Result<S3Object>> S3Client::get_object(std::string bucket, std::string key,
                                                     S3Terms terms, reactor::Scope scope) {
    AwsRequest request = object_request("GetObject", "GET", key);
    add_header(request, "x-amz-expected-bucket-owner", std::move(terms.expected_owner));
    auto response = co_await send(std::move(bucket), std::move(request), std::move(scope));
    if (!response) co_return response.error();
    auto etag = read_etag(*response, "GetObject");
    if (!etag) co_return etag.error();
    co_return S3Object{std::move(response->body), std::move(*etag)};
}

reactor::Task<Result<std::optional<S3Object>>> S3Client::get_object_unless(
    std::string bucket, std::string key, std::string etag, reactor::Scope scope,
    std::size_t object_bytes_max) {
    AwsRequest request = object_request("GetObject", "GET", key);
    request.response_bytes_max = object_bytes_max;
    request.readable = is_unchanged;
    if (!etag.empty()) request.headers.push_back({"If-None-Match", std::move(etag)});
    auto response = co_await send(std::move(bucket), std::move(request), std::move(scope));
    if (!response) co_return response.error();
    if (is_unchanged(*response)) co_return std::optional<S3Object>{};
    auto new_etag = read_etag(*response, "GetObject");
    if (!new_etag) co_return new_etag.error();
    co_return std::optional<S3Object>{S3Object{std::move(response->body), std::move(*new_etag)}};
}

reactor::Task<Result<std::string>> S3Client::put_object(std::string bucket, std::string key,
                                                        std::string body, WriteCondition condition,
                                                        S3Terms terms, reactor::Scope scope) {
    AwsRequest request = object_request("PutObject", "PUT", key);
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/json"}};
    add_header(request, "x-amz-checksum-crc32", checksum(request.body));
    add_condition(request, condition);
    add_terms_of_writing(request, std::move(terms));
    auto response = co_await send(std::move(bucket), std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_etag(*response, "PutObject");
}

}  // namespace fas::clients
