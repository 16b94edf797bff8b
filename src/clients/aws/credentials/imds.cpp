#include "clients/aws/credentials/imds.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/ascii.h"
#include "base/uri_encode.h"
#include "clients/aws/credentials/keys_json.h"
#include "clients/aws/endpoint_url.h"
#include "clients/aws/error.h"
#include "clients/aws/retry.h"

namespace fas::clients {

namespace {

constexpr std::string_view roles_path = "/latest/meta-data/iam/security-credentials/";
constexpr Milliseconds request_timeout{1'000};
constexpr std::size_t word_bytes_max = 1024;  // of the token, and of a role's name

// The last that is asked, and so the one to say what could be set up instead.
Error not_configured(std::string_view why) {
    return {.kind = ErrorKind::denied,
            .message = fmt::format(
                "no keys from EC2 instance metadata: {}. Set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the task, the function or the "
                "instance a role",
                why),
            .code = "NotConfigured"};
}

Result<Endpoint> endpoint_of(const AwsSettings& settings) {
    const char* const variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    if (const auto url = settings.get(variable, "ec2_metadata_service_endpoint")) {
        return parse_endpoint_url(*url, variable);
    }
    const std::string mode = lower_case(
        settings.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
            .value_or("IPv4"));
    if (mode == "ipv4") return Endpoint{.scheme = "http", .host = "169.254.169.254"};
    if (mode == "ipv6") return Endpoint{.scheme = "http", .host = "[fd00:ec2::254]"};
    return Error{.kind = ErrorKind::invalid,
                 .message = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither IPv4 nor IPv6",
                 .code = "BadEndpoint"};
}

// The one word that an answer consists of, fit for a header or a path; empty when it is none.
std::string word_in(std::string_view body) {
    const std::string_view line = body.substr(0, body.find_first_of("\r\n"));
    const bool fit = line.size() <= word_bytes_max &&
                     std::ranges::all_of(line, [](char c) { return c > ' ' && c <= '~'; });
    return fit ? std::string{line} : "";
}

Error refused(std::string_view what, const reactor::HttpResponse& response) {
    return {.kind = kind_of("", response.status),
            .message = fmt::format("the EC2 instance metadata service gave no {}", what),
            .code = "MetadataRefused",
            .http_status = response.status};
}

// Why there is no token.
Error without_token(const Result<reactor::HttpResponse>& response) {
    if (!response && response.error().kind == ErrorKind::cancelled) return response.error();
    if (!response) {
        // Its answers go one network hop far by default, which ends at the instance itself.
        return not_configured(
            fmt::format("{} (in a container on EC2, the instance's metadata "
                        "response hop limit must be 2)",
                        response.error().message));
    }
    if (response->status == 403) return not_configured("it is turned off for this instance");
    return refused("token of version 2 (IMDSv2), and version 1 is not used", *response);
}

}  // namespace

ImdsSource::ImdsSource(const CredentialsParts& parts)
    : reactor_(parts.reactor),
      http_(parts.http),
      disabled_(parts.settings.enabled("AWS_EC2_METADATA_DISABLED", "ec2_metadata_disabled")),
      endpoint_(endpoint_of(parts.settings)) {}

reactor::HttpRequest ImdsSource::request(std::string method, std::string_view path) const {
    reactor::HttpRequest request;
    request.method = std::move(method);
    request.url =
        fmt::format("{}://{}{}{}", endpoint_->scheme, endpoint_->host, endpoint_->base_path, path);
    request.connect_timeout = request_timeout;
    request.total_timeout = request_timeout;
    request.response_bytes_max = keys_json_bytes_max;
    request.use_proxy = false;
    return request;
}

reactor::Task<Result<reactor::HttpResponse>> ImdsSource::ask(reactor::HttpRequest request,
                                                             reactor::Scope scope) {
    for (int attempt = 1;; ++attempt) {
        reactor::HttpRequest once = request;
        auto response = co_await http_.send(std::move(once), scope);
        const ErrorKind kind = response ? kind_of("", response->status) : ErrorKind::denied;
        const bool failed = response && response->status != 200 && response->status != 404;
        if (!failed || !worth_retrying(kind) || attempt == attempts_max) co_return response;
        std::random_device random;
        const double share = std::uniform_real_distribution<double>{0.0, 1.0}(random);
        const auto rested = co_await reactor_.sleep_for(backoff(kind, attempt, share), scope);
        if (!rested) co_return response;  // why it failed says more than that time ran out
    }
}

reactor::Task<Result<FetchedCredentials>> ImdsSource::fetch(reactor::Scope scope) {
    if (disabled_) co_return not_configured("AWS_EC2_METADATA_DISABLED is set");
    if (!endpoint_) co_return endpoint_.error();

    reactor::HttpRequest ask_token = request("PUT", "/latest/api/token");
    ask_token.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    const auto token_answer = co_await ask(std::move(ask_token), scope);
    if (!token_answer || token_answer->status != 200) co_return without_token(token_answer);
    const std::string token = word_in(token_answer->body);
    if (token.empty()) co_return refused("usable token", *token_answer);

    reactor::HttpRequest ask_role = request("GET", roles_path);
    ask_role.headers = {{"X-aws-ec2-metadata-token", token}};
    const auto role_answer = co_await ask(std::move(ask_role), scope);
    if (!role_answer) co_return role_answer.error();
    if (role_answer->status == 404) co_return not_configured("the instance has no role");
    const std::string role = role_answer->status == 200 ? word_in(role_answer->body) : "";
    if (role.empty()) co_return refused("name of a role", *role_answer);

    reactor::HttpRequest ask_keys =
        request("GET", fmt::format("{}{}", roles_path, uri_encode(role)));
    ask_keys.headers = {{"X-aws-ec2-metadata-token", token}};
    const auto keys_answer = co_await ask(std::move(ask_keys), scope);
    if (!keys_answer) co_return keys_answer.error();
    if (keys_answer->status != 200) co_return refused("keys for the instance's role", *keys_answer);
    auto fetched = read_keys_json(keys_answer->body, "Token");
    if (!fetched) {
        fetched.error().message = fmt::format("the EC2 instance metadata service, role {}: {}",
                                              role, fetched.error().message);
    }
    co_return fetched;
}

}  // namespace fas::clients
