#include "clients/aws/credentials/container.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/loopback.h"
#include "clients/aws/credentials/keys_json.h"
#include "clients/aws/credentials/token_file.h"
#include "clients/aws/endpoint_url.h"
#include "clients/aws/error.h"

namespace fas::clients {

namespace {

constexpr const char* relative_uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* full_uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* token_text = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr const char* token_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

constexpr std::string_view ecs_agent = "http://169.254.170.2";
constexpr Milliseconds agent_timeout{2'000};

Error bad_endpoint(std::string message) {
    return {
        .kind = ErrorKind::denied, .message = std::move(message), .code = "BadContainerEndpoint"};
}

// Who may be given the token, and asked for keys, without TLS: the machine itself, and the agents
// of ECS and EKS.
bool trusted_without_tls(std::string_view authority) {
    if (is_loopback(authority)) return true;
    if (authority.starts_with('[')) {
        // An address can be written in many ways; two are the same when their bytes are.
        const std::string host{authority.substr(1, authority.find(']') - 1)};
        in6_addr address{};
        in6_addr agent{};
        return ::inet_pton(AF_INET6, host.c_str(), &address) == 1 &&
               ::inet_pton(AF_INET6, "fd00:ec2::23", &agent) == 1 &&
               std::ranges::equal(address.s6_addr, agent.s6_addr);
    }
    const std::string_view host = authority.substr(0, authority.find(':'));
    return host == "169.254.170.2" || host == "169.254.170.23";
}

// Where to ask. A path is not always all there is: ECS once had the task's id in a query.
Result<std::string> endpoint_in(const Environment& environment) {
    if (const auto path = environment(relative_uri)) {
        if (!path->starts_with('/')) {
            return bad_endpoint(fmt::format("{} must begin with a slash", relative_uri));
        }
        return fmt::format("{}{}", ecs_agent, *path);
    }
    auto url = environment(full_uri);
    if (!url) {
        return Error{.kind = ErrorKind::denied,
                     .message = fmt::format("no container credentials: neither {} nor {} is set",
                                            relative_uri, full_uri),
                     .code = "NotConfigured"};
    }
    const auto parsed =
        parse_endpoint_url(std::string_view{*url}.substr(0, url->find('?')), full_uri);
    if (!parsed) return bad_endpoint(parsed.error().message);
    if (parsed->scheme != "https" && !trusted_without_tls(parsed->host)) {
        return bad_endpoint(fmt::format(
            "{} leads to {} without TLS, which is allowed for this machine (127.0.0.1, localhost) "
            "and the agents of ECS and EKS only: use https",
            full_uri, parsed->host));
    }
    return std::move(*url);
}

// What goes into the Authorization header; empty: nothing.
Result<Secret> authorization_in(const Environment& environment) {
    Secret token{environment(token_text).value_or("")};
    if (const auto file = environment(token_file)) {
        auto read = read_token_file(*file, "container authorization token");
        if (!read) return read.error();
        token = std::move(*read);
    }
    if (token.reveal().find_first_of("\r\n") != std::string::npos) {
        return bad_endpoint(
            "the container authorization token holds a line break, which no header can: write it "
            "without one, also at its end");
    }
    return token;
}

// What an attempt brought.
Result<FetchedCredentials> read(const Result<reactor::HttpResponse>& response) {
    if (!response) {
        Error error = response.error();
        error.message =
            fmt::format("no credentials from the container's endpoint: {}", error.message);
        return error;
    }
    if (response->status != 200) {
        const std::string refusal = read_refusal(response->body);
        return Error{.kind = kind_of("", response->status),
                     .message = fmt::format("the container's credentials endpoint refused{}{}",
                                            refusal.empty() ? "" : ": ", refusal),
                     .code = "ContainerRefused",
                     .http_status = response->status};
    }
    auto fetched = read_keys_json(response->body, "Token");
    if (!fetched) {
        fetched.error().message =
            fmt::format("the container's credentials endpoint: {}", fetched.error().message);
    }
    return fetched;
}

}  // namespace

ContainerSource::ContainerSource(const CredentialsParts& parts)
    : reactor_(parts.reactor), http_(parts.http), environment_(parts.settings.environment()) {}

reactor::Task<Result<FetchedCredentials>> ContainerSource::fetch(reactor::Scope scope) {
    const auto url = endpoint_in(environment_);
    if (!url) co_return url.error();
    const auto token = authorization_in(environment_);
    if (!token) co_return token.error();

    for (int attempt = 1;; ++attempt) {
        reactor::HttpRequest request{.url = *url};
        request.headers = {{"Accept", "application/json"}};
        if (!token->empty()) request.headers.push_back({"Authorization", token->reveal()});
        request.connect_timeout = agent_timeout;
        request.total_timeout = agent_timeout;
        request.response_bytes_max = keys_json_bytes_max;
        request.use_proxy = false;
        request.new_connection = attempt > 1;
        const auto response = co_await http_.send(std::move(request), scope);
        auto fetched = read(response);
        if (fetched || !worth_retrying(fetched.error().kind) || attempt == attempts_max) {
            co_return fetched;
        }
        std::random_device random;
        const double share = std::uniform_real_distribution<double>{0.0, 1.0}(random);
        const Milliseconds pause = backoff(fetched.error().kind, attempt, share);
        const auto rested = co_await reactor_.sleep_for(pause, scope);
        if (!rested) co_return fetched;  // why it failed says more than that time ran out
    }
}

}  // namespace fas::clients
