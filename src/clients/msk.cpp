#include "clients/msk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "clients/aws_error.h"
#include "json/reader.h"
#include "sigv4/uri.h"

namespace fas::clients {

namespace {

constexpr AwsService msk{.name = "KAFKA",
                         .signing_name = "kafka",
                         .host_prefix = "kafka",
                         .protocol = Protocol::rest_json};

constexpr json::Limits answer_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

struct Names {
    std::string_view inside;
    std::string_view published;  // empty: there is no such thing
    std::string_view words;      // for a person
};

const Names& names_of(MskAccess access) {
    static constexpr std::array<Names, 4> names{
        Names{"bootstrapBrokerString", "", "plaintext"},
        Names{"bootstrapBrokerStringTls", "bootstrapBrokerStringPublicTls", "TLS"},
        Names{"bootstrapBrokerStringSaslScram", "bootstrapBrokerStringPublicSaslScram",
              "SASL/SCRAM"},
        Names{"bootstrapBrokerStringSaslIam", "bootstrapBrokerStringPublicSaslIam", "IAM"}};
    return names.at(static_cast<std::size_t>(access));
}

std::string_view text_of(const json::Value& object, std::string_view key) {
    const auto member = key.empty() ? std::nullopt : object.find(key);
    return member ? member->as_string().value_or("") : "";
}

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{msk.name},
            .code = std::move(code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

Error unusable(const reactor::HttpResponse& response, std::string_view why) {
    return failure(response, ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("GetBootstrapBrokers answered something unusable: {}", why));
}

}  // namespace

bool is_server_list(std::string_view text) {
    return !text.empty() && text.size() <= 4096 && is_alphanumeric_or(".-_:,[]", text);
}

Result<std::string> read_bootstrap_brokers(const reactor::HttpResponse& response,
                                           MskAccess access) {
    const auto document = json::parse(response.body, answer_limits);
    if (!document) return unusable(response, document.error().message);
    if (!document->root().is_object()) return unusable(response, "no object");
    const Names& names = names_of(access);
    for (const std::string_view key : {names.inside, names.published}) {
        const std::string_view text = text_of(document->root(), key);
        if (is_server_list(text)) return std::string{text};
        if (!text.empty()) return unusable(response, fmt::format("no addresses in {}", key));
    }
    return failure(response, ErrorKind::not_found, "NoSuchAccess",
                   fmt::format("the cluster has no brokers for {}: switch it on there, or choose "
                               "another security_protocol or sasl_mechanism",
                               names.words));
}

MskClient::MskClient(AwsContext& context) : client_(context, msk) {}

reactor::Task<Result<std::string>> MskClient::bootstrap_brokers(std::string cluster_arn,
                                                                MskAccess access,
                                                                reactor::Scope scope) {
    AwsRequest request;
    request.operation = "GetBootstrapBrokers";
    request.method = "GET";
    // An ARN's slashes are part of one segment of the path.
    request.path = fmt::format("/v1/clusters/{}/bootstrap-brokers", sigv4::uri_encode(cluster_arn));
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_bootstrap_brokers(*response, access);
}

}  // namespace fas::clients
