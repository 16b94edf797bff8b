#include "clients/aws/credentials/login.h"

#include <fmt/format.h>

#include <random>

#include "base/base64.h"
#include "base/json_writer.h"
#include "clients/answers/json_answer.h"
#include "clients/aws/credentials/login_file.h"
#include "clients/aws/credentials/no_credentials.h"
#include "sigv4/digest.h"
#include "sigv4/ec_key.h"

namespace fas::clients {

namespace {

constexpr AwsService sign_in{.name = "Signin",
                             .signing_name = "signin",
                             .host_prefix = "signin",
                             .target_prefix = "",
                             .protocol = Protocol::rest_json};

// As the aws command has it, which may renew the same login.
constexpr std::chrono::minutes renew_before_end{5};

// What such a file holds.
struct Login {
    FetchedCredentials keys;
    std::string client_id;
    Secret refresh_token;
    Secret proof_key;    // PEM
    std::string region;  // where they logged in; empty in older files: the program's
};

Error bad_login(std::string_view profile, std::string_view why) {
    return {.kind = ErrorKind::denied,
            .message = fmt::format("the login of profile {} gives no keys: {}; run: aws login "
                                   "--profile {}",
                                   profile, why, profile),
            .code = "BadLogin"};
}

Result<Login> read_login(const LoginFile& file, const std::string& profile) {
    const json::Value root = file.root();
    const json::Value keys = root.find("accessToken").value_or(root);
    Login login;
    login.keys.keys = {std::string{keys.text_at("accessKeyId")},
                       Secret{std::string{keys.text_at("secretAccessKey")}},
                       Secret{std::string{keys.text_at("sessionToken")}}};
    login.keys.expires = parse_iso8601(keys.text_at("expiresAt"));
    login.client_id = root.text_at("clientId");
    login.refresh_token = Secret{std::string{root.text_at("refreshToken")}};
    login.proof_key = Secret{std::string{root.text_at("dpopKey")}};
    login.region = root.text_at("signInRegion");
    const auto lacks = [&](std::string_view name) {
        return bad_login(profile, fmt::format("{} holds no usable {}", file.path(), name));
    };
    if (login.keys.keys.access_key_id.empty()) return lacks("accessToken/accessKeyId");
    if (login.keys.keys.secret_access_key.empty()) return lacks("accessToken/secretAccessKey");
    if (login.keys.keys.session_token.empty()) return lacks("accessToken/sessionToken");
    if (!login.keys.expires) return lacks("accessToken/expiresAt");
    if (login.client_id.empty()) return lacks("clientId");
    if (login.refresh_token.empty()) return lacks("refreshToken");
    if (login.proof_key.empty()) return lacks("dpopKey");
    return login;
}

std::string random_id() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

// The header that proves that the key's holder asks `url`, now (RFC 9449, section 4.2).
std::string proof(const sigv4::EcKey& key, std::string_view url, TimePoint now) {
    JsonWriter head;
    head.begin_object();
    head.member("typ", "dpop+jwt");
    head.member("alg", "ES256");
    head.key("jwk").begin_object();
    head.member("kty", "EC");
    head.member("x", std::string_view{base64url(key.x())});
    head.member("y", std::string_view{base64url(key.y())});
    head.member("crv", "P-256");
    head.end_object();
    head.end_object();
    JsonWriter claims;
    claims.begin_object();
    claims.member("htm", "POST");
    claims.member("htu", url);
    claims.member("iat", static_cast<std::int64_t>(to_epoch_seconds(now)));
    claims.member("jti", std::string_view{random_id()});
    claims.end_object();
    const std::string text = base64url(head.text()) + "." + base64url(claims.text());
    return text + "." + base64url(key.sign(text));
}

std::string token_request(const Login& login) {
    JsonWriter body;
    body.begin_object();
    body.member("clientId", std::string_view{login.client_id});
    body.member("grantType", "refresh_token");
    body.member("refreshToken", std::string_view{login.refresh_token.reveal()});
    body.end_object();
    return body.take();
}

class LoginSource final : public CredentialsSource {
  public:
    LoginSource(const CredentialsParts& parts, std::string profile, const std::string& session);

    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override;

  private:
    Result<LoginFile> read_file() const;
    bool about_to_end(const Login& login) const;
    reactor::Task<Result<FetchedCredentials>> renew(LoginFile file, Login login,
                                                    reactor::Scope scope);
    Result<FetchedCredentials> keep(const LoginFile& file, const reactor::HttpResponse& response);

    std::string profile_;
    std::string path_;
    NoCredentials nobody_;
    AwsContext context_;
};

LoginSource::LoginSource(const CredentialsParts& parts, std::string profile,
                         const std::string& session)
    : profile_(std::move(profile)),
      context_{parts.reactor, parts.http,     nobody_,     parts.clock,
               parts.log,     parts.settings, parts.region} {
    const Environment& environment = parts.settings.environment();
    auto folder = environment("AWS_LOGIN_CACHE_DIRECTORY");
    if (!folder && !environment("HOME")) return;
    const sigv4::HexDigest name = sigv4::to_hex(sigv4::sha256(session));
    path_ =
        fmt::format("{}/{}.json", expand_home(environment, folder.value_or("~/.aws/login/cache")),
                    sigv4::as_text(name));
}

Result<LoginFile> LoginSource::read_file() const {
    if (path_.empty()) return bad_login(profile_, "HOME is not set, under which logins are kept");
    auto file = LoginFile::read(path_, "login");
    if (!file) return bad_login(profile_, file.error().message);
    return file;
}

bool LoginSource::about_to_end(const Login& login) const {
    return *login.keys.expires <= context_.clock.now() + renew_before_end;
}

reactor::Task<Result<FetchedCredentials>> LoginSource::fetch(reactor::Scope scope) {
    auto file = read_file();
    if (!file) co_return file.error();
    auto login = read_login(*file, profile_);
    if (!login) co_return login.error();
    if (!about_to_end(*login)) co_return login->keys;
    auto renewed = co_await renew(std::move(*file), std::move(*login), std::move(scope));
    if (renewed) co_return renewed;
    // A login can be renewed by one alone: the aws command may have been faster.
    const auto other_file = read_file();
    if (!other_file) co_return renewed;
    auto other = read_login(*other_file, profile_);
    if (other && !about_to_end(*other)) co_return other->keys;
    co_return renewed;
}

reactor::Task<Result<FetchedCredentials>> LoginSource::renew(LoginFile file, Login login,
                                                             reactor::Scope scope) {
    const auto key = sigv4::EcKey::from_pem(login.proof_key);
    if (!key) {
        co_return bad_login(profile_, fmt::format("dpopKey in {} cannot be used: {}", file.path(),
                                                  key.error().message));
    }
    AwsContext there = context_;
    if (!login.region.empty()) there.region = login.region;
    AwsClient client(there, sign_in);
    if (!client.endpoint()) co_return client.endpoint().error();
    AwsRequest request;
    request.operation = "CreateOAuth2Token";
    request.path = "/v1/token";
    request.body = token_request(login);
    request.anonymous = true;
    const std::string url =
        fmt::format("{}://{}{}{}", client.endpoint()->scheme, client.endpoint()->host,
                    client.endpoint()->base_path, request.path);
    request.headers = {{"Content-Type", "application/json"},
                       {"DPoP", proof(*key, url, context_.clock.now())}};
    auto response = co_await client.send(std::move(request), std::move(scope));
    if (!response && response.error().kind == ErrorKind::denied) {
        co_return bad_login(profile_,
                            fmt::format("it cannot be renewed: {}", response.error().message));
    }
    if (!response) co_return response.error();
    co_return keep(file, *response);
}

// The refresh token is another one each time: without the file, the login is over.
Result<FetchedCredentials> LoginSource::keep(const LoginFile& file,
                                             const reactor::HttpResponse& response) {
    JsonAnswer answer{sign_in.name, "CreateOAuth2Token", response};
    const JsonPart keys = answer.root().part("accessToken");
    FetchedCredentials fetched;
    fetched.keys = {std::string{keys.some_text("accessKeyId")},
                    Secret{std::string{keys.some_text("secretAccessKey")}},
                    Secret{std::string{keys.some_text("sessionToken")}}};
    const std::string refresh_token{answer.root().some_text("refreshToken")};
    constexpr std::int64_t lifetime_max_s = 86'400;
    const auto lifetime_s = std::min(answer.root().count("expiresIn"), lifetime_max_s);
    if (answer.wrong()) return *answer.wrong();
    fetched.expires = std::chrono::floor<std::chrono::seconds>(context_.clock.now()) +
                      std::chrono::seconds{lifetime_s};
    const auto error =
        file.replace({{"accessToken/accessKeyId", fetched.keys.access_key_id},
                      {"accessToken/secretAccessKey", fetched.keys.secret_access_key.reveal()},
                      {"accessToken/sessionToken", fetched.keys.session_token.reveal()},
                      {"accessToken/expiresAt", to_iso8601(*fetched.expires)},
                      {"refreshToken", refresh_token}});
    if (error) {
        context_.log.write(LogLevel::warning,
                           "cannot keep the renewed login: its keys are used until they end, then "
                           "aws login is needed; make the file's folder writable",
                           {{"file", file.path()}, {"error", error.message()}});
    }
    return fetched;
}

}  // namespace

std::unique_ptr<CredentialsSource> login_source(const CredentialsParts& parts,
                                                const std::string& profile,
                                                const std::string& session) {
    return std::make_unique<LoginSource>(parts, profile, session);
}

}  // namespace fas::clients
