// Resolves the endpoints asked for on stdin, one JSON object a line, and answers with one JSON
// object a line: the program that endpoints_against_botocore_test.py compares with botocore. It
// names the fields.
#include <cstdio>
#include <iostream>
#include <string>

#include "base/json_writer.h"
#include "clients/aws/endpoint.h"
#include "clients/aws/services/s3.h"
#include "json/reader.h"

namespace {

using namespace fas::clients;

std::string text(const fas::json::Value& record, std::string_view name) {
    const auto member = record.find(name);
    return std::string{member ? member->as_string().value_or("") : ""};
}

bool flag(const fas::json::Value& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->as_bool().value_or(false);
}

fas::Environment environment_of(bool fips, bool dual_stack) {
    return [=](const char* name) -> std::optional<std::string> {
        const std::string_view variable = name;
        if (fips && variable == "AWS_USE_FIPS_ENDPOINT") return "true";
        if (dual_stack && variable == "AWS_USE_DUALSTACK_ENDPOINT") return "true";
        return std::nullopt;
    };
}

fas::Result<std::string> answer(std::string_view line) {
    const auto document = fas::json::parse(line, {.bytes_max = 4096});
    if (!document) return document.error();
    const fas::json::Value record = document->root();
    const std::string name = text(record, "service");
    const std::string host_prefix = text(record, "host_prefix");
    const std::string bucket = text(record, "bucket");
    const AwsService service{.name = name,
                             .signing_name = host_prefix,
                             .host_prefix = host_prefix,
                             .target_prefix = "",
                             .protocol = Protocol::json_1_0};
    const auto settings = AwsSettings::make(
        environment_of(flag(record, "fips"), flag(record, "dual_stack")), SharedConfig{});
    if (!settings) return settings.error();

    fas::JsonWriter json;
    json.begin_object();
    const auto endpoint = resolve_endpoint(service, text(record, "region"), *settings);
    if (!endpoint) {
        json.member("error", std::string_view{endpoint.error().code});
    } else {
        const BucketAddress address =
            bucket.empty() ? BucketAddress{endpoint->host, ""} : bucket_address(*endpoint, bucket);
        json.member("url",
                    std::string_view{endpoint->scheme + "://" + address.host + address.path});
        json.member("region", std::string_view{endpoint->region});
    }
    json.end_object();
    return json.take();
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto answered = answer(line);
        if (!answered) {
            std::fprintf(stderr, "resolve_endpoints: %s\n", answered.error().message.c_str());
            return 1;
        }
        std::cout << *answered << '\n';
    }
    return 0;
}
