#include "clients/aws/credentials/sso.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "clients/answers/json_answer.h"
#include "clients/aws/credentials/login_file.h"
#include "sigv4/digest.h"

namespace fas::clients {

namespace {

constexpr AwsService portal{.name = "SSO",
                            .signing_name = "awsssoportal",
                            .host_prefix = "portal.sso",
                            .target_prefix = "",
                            .protocol = Protocol::rest_json};

// https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
constexpr AwsService registration{.name = "SSO OIDC",
                                  .signing_name = "sso-oauth",
                                  .host_prefix = "oidc",
                                  .target_prefix = "",
                                  .protocol = Protocol::rest_json};

constexpr std::chrono::minutes token_renewed_before_end{15};  // as the SDKs have it

struct SsoRole {
    std::string profile;
    std::string login;     // the session's name or the start URL: the token file is named after it
    bool session = false;  // the older form, with a URL, is not renewed
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
          client_(context_, portal),
          registration_client_(context_, registration) {}

    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    std::string how_to_log_in() const;
    Result<LoginFile> read_file() const;
    Result<SsoToken> read_token(const LoginFile& file) const;
    reactor::Task<Result<SsoToken>> token(reactor::Scope scope);
    reactor::Task<Result<SsoToken>> renew(LoginFile file, SsoToken old, reactor::Scope scope);
    void keep(const LoginFile& file, const SsoToken& token);
    bool can_renew(const SsoToken& token) const;

    SsoRole role_;
    const Clock& clock_;
    NoCredentials nobody_;
    AwsContext context_;
    AwsClient client_;
    AwsClient registration_client_;
};

std::string SsoSource::how_to_log_in() const {
    return fmt::format("run: aws sso login --profile {}", role_.profile);
}

Result<LoginFile> SsoSource::read_file() const {
    const auto home = context_.settings.environment()("HOME");
    if (!home) return denied("BadSsoToken", "HOME is not set, under which SSO tokens are kept");
    const std::string path =
        fmt::format("{}/.aws/sso/cache/{}.json", *home, sigv4::sha1_hex(role_.login));
    auto file = LoginFile::read(path, fmt::format("the SSO login of profile {}", role_.profile));
    if (!file) {
        return denied("BadSsoToken", fmt::format("{}; {}", file.error().message, how_to_log_in()));
    }
    return file;
}

Result<SsoToken> SsoSource::read_token(const LoginFile& file) const {
    auto token = read_sso_token(file.root());
    if (token) return token;
    return denied("BadSsoToken", fmt::format("the SSO token {} cannot be used: {}; {}", file.path(),
                                             token.error().message, how_to_log_in()));
}

bool SsoSource::can_renew(const SsoToken& token) const {
    return role_.session && !token.refresh_token.empty() && !token.client_id.empty() &&
           !token.client_secret.empty() && token.registration_expires &&
           *token.registration_expires > clock_.now();
}

reactor::Task<Result<SsoToken>> SsoSource::token(reactor::Scope scope) {
    auto file = read_file();
    if (!file) co_return file.error();
    auto token = read_token(*file);
    if (!token) co_return token;
    std::string not_renewed;
    if (token->expires <= clock_.now() + token_renewed_before_end && can_renew(*token)) {
        auto renewed = co_await renew(std::move(*file), *token, std::move(scope));
        if (renewed) co_return renewed;
        not_renewed = fmt::format(" and cannot be renewed: {}", renewed.error().message);
        context_.log.write(LogLevel::warning, "cannot renew the SSO login",
                           {{"profile", role_.profile}, {"error", describe(renewed.error())}});
        // A passing trouble is none that a person mends.
        const bool passing = worth_retrying(renewed.error().kind);
        if (passing && token->expires <= clock_.now()) co_return renewed;
    }
    if (token->expires <= clock_.now()) {
        co_return denied("SsoTokenExpired",
                         fmt::format("the SSO login of profile {} ended at {}{}; {}", role_.profile,
                                     to_iso8601(token->expires), not_renewed, how_to_log_in()));
    }
    co_return token;
}

reactor::Task<Result<SsoToken>> SsoSource::renew(LoginFile file, SsoToken old,
                                                 reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    body.member("clientId", std::string_view{old.client_id});
    body.member("clientSecret", std::string_view{old.client_secret.reveal()});
    body.member("grantType", "refresh_token");
    body.member("refreshToken", std::string_view{old.refresh_token.reveal()});
    body.end_object();
    AwsRequest request;
    request.operation = "CreateToken";
    request.path = "/token";
    request.body = body.take();
    request.headers = {{"Content-Type", "application/json"}};
    request.anonymous = true;
    auto response = co_await registration_client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    JsonAnswer answer{registration.name, "CreateToken", *response};
    SsoToken token = old;
    token.token = Secret{std::string{answer.root().some_text("accessToken")}};
    const std::string_view refresh_token = answer.root().text_at("refreshToken");
    if (!refresh_token.empty()) token.refresh_token = Secret{std::string{refresh_token}};
    constexpr std::int64_t lifetime_max_s = 31'536'000;
    const auto lifetime_s = std::min(answer.root().count("expiresIn"), lifetime_max_s);
    if (answer.wrong()) co_return *answer.wrong();
    token.expires =
        std::chrono::floor<std::chrono::seconds>(clock_.now()) + std::chrono::seconds{lifetime_s};
    keep(file, token);
    co_return token;
}

void SsoSource::keep(const LoginFile& file, const SsoToken& token) {
    const auto error = file.replace({{"accessToken", token.token.reveal()},
                                     {"expiresAt", to_iso8601(token.expires)},
                                     {"refreshToken", token.refresh_token.reveal()}});
    if (!error) return;
    context_.log.write(LogLevel::warning,
                       "cannot keep the renewed SSO login; make the file's folder writable",
                       {{"file", file.path()}, {"error", error.message()}});
}

reactor::Task<Result<FetchedCredentials>> SsoSource::fetch(reactor::Scope scope) {
    auto sso = co_await token(scope);
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
    return profile.contains("sso_account_id") || profile.contains("sso_role_name");
}

Result<std::unique_ptr<CredentialsSource>> sso_source(const CredentialsParts& parts,
                                                      const SharedConfig& files,
                                                      const std::string& name,
                                                      const ConfigValues& profile) {
    const auto unusable = [&name](std::string_view why) {
        return denied("BadProfile", fmt::format("profile {} gives no keys: {}", name, why));
    };
    ConfigValues values = profile;
    const std::string session = value_of(profile, "sso_session");
    if (!session.empty()) {
        const auto found = files.sso_sessions.find(session);
        if (found == files.sso_sessions.end()) {
            return unusable(
                fmt::format("there is no [sso-session {}] in the AWS config file", session));
        }
        for (const auto& [key, value] : found->second.values) {
            if (values.try_emplace(key, value).first->second == value) continue;
            return unusable(fmt::format("its {} is not that of [sso-session {}]", key, session));
        }
    }
    for (const char* key : {"sso_start_url", "sso_region", "sso_account_id", "sso_role_name"}) {
        if (value_of(values, key).empty()) return unusable(fmt::format("{} is missing", key));
    }
    SsoRole role{.profile = name,
                 .login = session.empty() ? value_of(values, "sso_start_url") : session,
                 .session = !session.empty(),
                 .region = value_of(values, "sso_region"),
                 .account_id = value_of(values, "sso_account_id"),
                 .role_name = value_of(values, "sso_role_name")};
    return std::unique_ptr<CredentialsSource>{std::make_unique<SsoSource>(parts, std::move(role))};
}

Result<SsoToken> read_sso_token(const json::Value& file) {
    // Older versions of the aws command wrote "2020-06-17T10:02:08UTC".
    const auto time_at = [&file](std::string_view name) {
        std::string text{file.text_at(name)};
        if (text.ends_with("UTC")) text.replace(text.size() - 3, 3, "Z");
        return parse_iso8601(text);
    };
    SsoToken token;
    token.token = Secret{std::string{file.text_at("accessToken")}};
    if (token.token.empty()) return denied("BadSsoToken", "it has no accessToken");
    const auto expires = time_at("expiresAt");
    if (!expires) return denied("BadSsoToken", "its expiresAt is not a time");
    token.expires = *expires;
    token.refresh_token = Secret{std::string{file.text_at("refreshToken")}};
    token.client_id = file.text_at("clientId");
    token.client_secret = Secret{std::string{file.text_at("clientSecret")}};
    token.registration_expires = time_at("registrationExpiresAt");
    return token;
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
