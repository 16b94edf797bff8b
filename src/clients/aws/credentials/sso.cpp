#include "clients/aws/credentials/sso.h"

#include <fmt/format.h>

#include "clients/answers/json_answer.h"
#include "clients/aws/credentials/token_file.h"
#include "sigv4/digest.h"

namespace fas::clients {

namespace {

constexpr AwsService portal{.name = "SSO",
                            .signing_name = "awsssoportal",
                            .host_prefix = "portal.sso",
                            .target_prefix = "",
                            .protocol = Protocol::rest_json};

constexpr json::Limits token_limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};

struct SsoRole {
    std::string profile;
    std::string login;  // the session's name or the start URL: the token file is named after it
    std::string region;
    std::string account_id;
    std::string role_name;
};

Error denied(std::string_view code, std::string message) {
    return {.kind = ErrorKind::denied, .message = std::move(message), .code = std::string{code}};
}

class SsoSource final : public CredentialsSource {
  public:
    SsoSource(const CredentialsParts& parts, SsoRole role)
        : role_(std::move(role)),
          clock_(parts.clock),
          context_{parts.reactor, parts.http,     nobody_,     parts.clock,
                   parts.log,     parts.settings, role_.region},
          client_(context_, portal) {}

    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    Result<SsoToken> token() const;

    SsoRole role_;
    const Clock& clock_;
    NoCredentials nobody_;
    AwsContext context_;
    AwsClient client_;
};

Result<SsoToken> SsoSource::token() const {
    const std::string ask = fmt::format("run: aws sso login --profile {}", role_.profile);
    const auto home = context_.settings.environment()("HOME");
    if (!home) return denied("BadSsoToken", "HOME is not set, under which SSO tokens are kept");
    const std::string path =
        fmt::format("{}/.aws/sso/cache/{}.json", *home, sigv4::sha1_hex(role_.login));
    const auto file =
        read_token_file(path, fmt::format("the SSO login of profile {}", role_.profile));
    if (!file) {
        return denied("BadSsoToken", fmt::format("{}; {}", file.error().message, ask));
    }
    auto token = read_sso_token(file->reveal());
    if (!token) {
        return denied("BadSsoToken", fmt::format("the SSO token {} cannot be used: {}; {}", path,
                                                 token.error().message, ask));
    }
    if (token->expires <= clock_.now()) {
        return denied("SsoTokenExpired",
                      fmt::format("the SSO login of profile {} ended at {}; {}", role_.profile,
                                  to_iso8601(token->expires), ask));
    }
    return token;
}

reactor::Task<Result<FetchedCredentials>> SsoSource::fetch(reactor::Scope scope) {
    auto sso = token();
    if (!sso) co_return sso.error();
    AwsRequest request;
    request.operation = "GetRoleCredentials";
    request.method = "GET";
    request.path = "/federation/credentials";
    request.query = {{"role_name", role_.role_name}, {"account_id", role_.account_id}};
    request.headers = {{"x-amz-sso_bearer_token", sso->token.reveal()}};
    request.anonymous = true;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response && response.error().kind == ErrorKind::denied) {
        co_return denied("SsoDenied",
                         fmt::format("profile {}: role {} of account {}: {}; if the login is over, "
                                     "run: aws sso login --profile {}",
                                     role_.profile, role_.role_name, role_.account_id,
                                     response.error().message, role_.profile));
    }
    if (!response) co_return response.error();
    co_return read_role_credentials(*response);
}

}  // namespace

bool names_sso(const ConfigValues& profile) {
    return profile.contains("sso_session") || profile.contains("sso_start_url");
}

Result<std::unique_ptr<CredentialsSource>> sso_source(const CredentialsParts& parts,
                                                      const SharedConfig& files,
                                                      const std::string& name,
                                                      const ConfigValues& profile) {
    SsoRole role{.profile = name,
                 .login = value_of(profile, "sso_start_url"),
                 .region = value_of(profile, "sso_region"),
                 .account_id = value_of(profile, "sso_account_id"),
                 .role_name = value_of(profile, "sso_role_name")};
    if (const std::string session = value_of(profile, "sso_session"); !session.empty()) {
        const auto found = files.sso_sessions.find(session);
        if (found == files.sso_sessions.end()) {
            return denied("BadProfile", fmt::format("profile {} gives no keys: there is no "
                                                    "[sso-session {}] in the AWS config file",
                                                    name, session));
        }
        role.login = session;
        role.region = value_of(found->second.values, "sso_region");
    }
    for (const auto& [key, value] :
         {std::pair{"sso_region", &role.region}, std::pair{"sso_account_id", &role.account_id},
          std::pair{"sso_role_name", &role.role_name}}) {
        if (value->empty()) {
            return denied("BadProfile",
                          fmt::format("profile {} gives no keys: {} is missing", name, key));
        }
    }
    return std::unique_ptr<CredentialsSource>{std::make_unique<SsoSource>(parts, std::move(role))};
}

Result<SsoToken> read_sso_token(std::string_view file) {
    const auto document = json::parse(file, token_limits);
    if (!document) return denied("BadSsoToken", document.error().message);
    const std::string_view token = document->root().text_at("accessToken");
    if (token.empty()) return denied("BadSsoToken", "it has no accessToken");
    const auto expires = parse_iso8601(document->root().text_at("expiresAt"));
    if (!expires) return denied("BadSsoToken", "its expiresAt is not a time");
    return SsoToken{Secret{std::string{token}}, *expires};
}

Result<FetchedCredentials> read_role_credentials(const reactor::HttpResponse& response) {
    JsonAnswer answer{portal.name, "GetRoleCredentials", response};
    const JsonPart keys = answer.root().part("roleCredentials");
    FetchedCredentials fetched;
    fetched.keys = {std::string{keys.some_text("accessKeyId")},
                    Secret{std::string{keys.some_text("secretAccessKey")}},
                    Secret{std::string{keys.some_text("sessionToken")}}};
    fetched.expires = from_epoch_seconds(static_cast<double>(keys.count("expiration")) / 1000);
    if (!fetched.expires) answer.reject("its expiration is not a time");
    return answer.give(std::move(fetched));
}

}  // namespace fas::clients
