#include "clients/aws/services/msk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/uri_encode.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr AwsService msk{.name = "KAFKA",
                         .signing_name = "kafka",
                         .host_prefix = "kafka",
                         .protocol = Protocol::rest_json};

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

}  // namespace

bool is_server_list(std::string_view text) {
    return !text.empty() && text.size() <= 4096 && is_alphanumeric_or(".-_:,[]", text);
}

Result<std::string> read_bootstrap_brokers(const reactor::HttpResponse& response,
                                           MskAccess access) {
    JsonAnswer answer{msk.name, "GetBootstrapBrokers", response};
    if (answer.wrong()) return *answer.wrong();
    const Names& names = names_of(access);
    for (const std::string_view key : {names.inside, names.published}) {
        const std::string_view text = answer.root().text_at(key);
        if (is_server_list(text)) return std::string{text};
        if (!text.empty()) return answer.unusable(fmt::format("no addresses in {}", key));
    }
    return answer.error(ErrorKind::not_found, "NoSuchAccess",
                        fmt::format("the cluster has no brokers for {}: switch it on there, or "
                                    "choose another security_protocol or sasl_mechanism",
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
    request.path = fmt::format("/v1/clusters/{}/bootstrap-brokers", uri_encode(cluster_arn));
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_bootstrap_brokers(*response, access);
}

}  // namespace fas::clients
