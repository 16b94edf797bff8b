// usage: resolve_credentials [PROFILE]
//
// Finds credentials as the program does, and prints them as a JSON line without secrets:
//   {"access_key_id": ..., "secret_sha256": ..., "token_sha256": ..., "expires": ...}
//   {"code": ..., "message": ...}
#include <fmt/format.h>

#include "base/json_writer.h"
#include "clients/aws/credentials/default_chain.h"
#include "sigv4/digest.h"

namespace {

using namespace fas;

std::string hash_of(const Secret& secret) {
    const sigv4::HexDigest hex = sigv4::to_hex(sigv4::sha256(secret.reveal()));
    return std::string{sigv4::as_text(hex)};
}

Result<clients::FetchedCredentials> resolve(std::optional<std::string> profile) {
    const Environment environment = process_environment();
    auto files = clients::SharedConfig::load(environment);
    if (!files) return files.error();
    const auto settings = clients::AwsSettings::make(environment, std::move(*files), profile);
    if (!settings) return settings.error();

    reactor::Reactor reactor;
    reactor::HttpClient http{reactor, reactor::HttpClientOptions{}};
    const SystemClock clock;
    Logger log{LogLevel::error};
    const auto chain = clients::default_chain(
        {reactor, http, clock, log, *settings, settings->region().value_or("us-east-1")});
    const auto scope = reactor::Scope{}.within(std::chrono::seconds{30});
    return reactor.run(chain->fetch(scope));
}

}  // namespace

int main(int argc, char** argv) {
    const auto found =
        resolve(argc > 1 ? std::optional<std::string>{argv[1]} : std::optional<std::string>{});
    JsonWriter json;
    json.begin_object();
    if (found) {
        json.member("access_key_id", std::string_view{found->keys.access_key_id});
        json.member("secret_sha256", std::string_view{hash_of(found->keys.secret_access_key)});
        json.member("token_sha256", std::string_view{hash_of(found->keys.session_token)});
        const std::string expires = found->expires ? to_iso8601(*found->expires) : "";
        json.member("expires", std::string_view{expires});
    } else {
        json.member("code", std::string_view{found.error().code});
        json.member("message", std::string_view{found.error().message});
    }
    json.end_object();
    fmt::print("{}\n", json.take());
    return 0;
}
