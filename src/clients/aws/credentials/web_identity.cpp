#include "clients/aws/credentials/web_identity.h"

#include "clients/aws/credentials/token_file.h"

namespace fas::clients {

namespace {

// A newline at its end is an editor's or an echo's, and STS would take it for the token's.
Secret without_white_space_at_end(const Secret& token) {
    const std::string& text = token.reveal();
    return Secret{text.substr(0, text.find_last_not_of(" \t\r\n") + 1)};
}

}  // namespace

WebIdentitySource::WebIdentitySource(const CredentialsParts& parts, std::string token_file,
                                     RoleRequest role)
    : token_file_(std::move(token_file)),
      role_(std::move(role)),
      context_{parts.reactor, parts.http,     nobody_,     parts.clock,
               parts.log,     parts.settings, parts.region},
      sts_(context_) {}

std::unique_ptr<WebIdentitySource> WebIdentitySource::from_environment(
    const CredentialsParts& parts) {
    const Environment& environment = parts.settings.environment();
    RoleRequest role;
    role.role_arn = environment("AWS_ROLE_ARN").value_or("");
    role.session_name = environment("AWS_ROLE_SESSION_NAME").value_or("");
    return std::make_unique<WebIdentitySource>(
        parts, environment("AWS_WEB_IDENTITY_TOKEN_FILE").value_or(""), std::move(role));
}

reactor::Task<Result<FetchedCredentials>> WebIdentitySource::fetch(reactor::Scope scope) {
    if (token_file_.empty()) {
        co_return Error{.kind = ErrorKind::denied,
                        .message = "no web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set",
                        .code = "NotConfigured"};
    }
    if (role_.role_arn.empty()) {
        co_return Error{.kind = ErrorKind::denied,
                        .message =
                            "a web identity token is set up (AWS_WEB_IDENTITY_TOKEN_FILE), "
                            "but no role to assume with it: set AWS_ROLE_ARN too",
                        .code = "NoRole"};
    }
    const auto file = read_token_file(token_file_, "web identity token");
    if (!file) co_return file.error();
    Secret token = without_white_space_at_end(*file);
    co_return co_await sts_.assume_role_with_web_identity(role_, std::move(token),
                                                          std::move(scope));
}

}  // namespace fas::clients
