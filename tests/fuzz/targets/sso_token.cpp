// The file that `aws sso login` left: a token with its end, or an error without a word of it.
#include "base/json_writer.h"
#include "clients/aws/credentials/sso.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::sso_token {

namespace {

constexpr std::string_view secret = "correct-horse-battery";

}  // namespace

void check(std::string_view input) {
    const auto file = json::parse(input, {.bytes_max = std::size_t{64} << 10U, .depth_max = 8});
    if (!file) return;
    const auto token = clients::read_sso_token(file->root());
    if (token) {
        require(!token->token.empty(), "a token is not empty");
        require(parse_iso8601(to_iso8601(token->expires)) == token->expires, "its end is a time");
    } else {
        require_sound(token.error());
        require(token.error().message.size() <= 250, "an error does not quote the file");
    }
    if (input.find(secret) != std::string_view::npos) return;
    JsonWriter json;
    json.begin_object().member("accessToken", secret).member("expiresAt", input).end_object();
    const auto document = json::parse(json.text(), {.bytes_max = std::size_t{1} << 20U});
    require(document.has_value(), "what is written can be read");
    const auto other = clients::read_sso_token(document->root());
    require(other || describe(other.error()).find(secret) == std::string::npos,
            "an error holds no token");
    require(!other || other->token.reveal() == secret, "a token comes out as it is");
}

}  // namespace fas::fuzz::sso_token
