#include "clients/aws/services/sts.h"

#include <fmt/format.h>

#include "clients/answers/answer.h"
#include "clients/aws/xml.h"

namespace fas::clients {

namespace {

// Regional hosts only: the global one is a single region's, and the SDKs have left it.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
constexpr AwsService sts{.name = "STS",
                         .signing_name = "sts",
                         .host_prefix = "sts",
                         .target_prefix = "2011-06-15",
                         .protocol = Protocol::query};

// Several roles may be in play: which one it was is the first thing to know.
Error about(const RoleRequest& role, Error error) {
    error.message = fmt::format("cannot assume {}: {}", role.role_arn, error.message);
    return error;
}

}  // namespace

Result<FetchedCredentials> read_role_keys(const reactor::HttpResponse& response,
                                          std::string_view operation) {
    const std::string root = fmt::format("{}Response", operation);
    const std::string result = fmt::format("{}Result", operation);
    Answer answer{sts.name, operation, response};
    const auto needed = [&](std::string_view member) {
        std::string text =
            xml_text(response.body, {root, result, "Credentials", member}).value_or("");
        if (text.empty()) answer.lacks(member);
        return text;
    };
    FetchedCredentials fetched;
    fetched.keys = {needed("AccessKeyId"), Secret{needed("SecretAccessKey")},
                    Secret{needed("SessionToken")}};
    fetched.expires = parse_iso8601(needed("Expiration"));
    if (!fetched.expires) answer.reject("its Expiration is not a time");
    return answer.give(std::move(fetched));
}

StsClient::StsClient(AwsContext& context) : client_(context, sts), clock_(context.clock) {}

std::vector<sigv4::Field> StsClient::parameters(const RoleRequest& request) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    std::vector<sigv4::Field> fields{
        {"RoleArn", request.role_arn},
        {"RoleSessionName", request.session_name.empty()
                                ? fmt::format("fast-autoscaler-{}", now.time_since_epoch().count())
                                : request.session_name}};
    if (request.duration.count() > 0) {
        fields.push_back({"DurationSeconds", fmt::format("{}", request.duration.count())});
    }
    return fields;
}

reactor::Task<Result<FetchedCredentials>> StsClient::assume_role(RoleRequest request,
                                                                 reactor::Scope scope) {
    std::vector<sigv4::Field> fields = parameters(request);
    if (!request.external_id.empty()) fields.push_back({"ExternalId", request.external_id});
    const auto response = co_await client_.call_query("AssumeRole", std::move(fields),
                                                      /*anonymous=*/false, std::move(scope));
    if (!response) co_return about(request, response.error());
    auto fetched = read_role_keys(*response, "AssumeRole");
    if (!fetched) co_return about(request, fetched.error());
    co_return fetched;
}

reactor::Task<Result<FetchedCredentials>> StsClient::assume_role_with_web_identity(
    RoleRequest request, Secret token, reactor::Scope scope) {
    std::vector<sigv4::Field> fields = parameters(request);
    fields.push_back({"WebIdentityToken", token.reveal()});
    const auto response = co_await client_.call_query(
        "AssumeRoleWithWebIdentity", std::move(fields), /*anonymous=*/true, std::move(scope));
    if (!response) co_return about(request, response.error());
    auto fetched = read_role_keys(*response, "AssumeRoleWithWebIdentity");
    if (!fetched) co_return about(request, fetched.error());
    co_return fetched;
}

}  // namespace fas::clients
