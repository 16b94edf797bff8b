// Keys as JSON, from endpoints in the neighbourhood and from other programs.
#include "clients/aws/credentials/keys_json.h"

#include <algorithm>

#include "base/json_writer.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::keys_json {

namespace {

constexpr std::string_view secret = "correct-horse-battery";

bool fits_header(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

// A text that holds a secret, and the input where one of its members should be.
std::string with_secret(std::string_view member, std::string_view value) {
    JsonWriter json;
    json.begin_object().member("SecretAccessKey", secret).member("Token", secret);
    json.member(member, value).end_object();
    return json.take();
}

void require_round_trip(const clients::FetchedCredentials& fetched) {
    JsonWriter json;
    json.begin_object();
    json.member("AccessKeyId", std::string_view{fetched.keys.access_key_id});
    json.member("SecretAccessKey", std::string_view{fetched.keys.secret_access_key.reveal()});
    json.member("Token", std::string_view{fetched.keys.session_token.reveal()});
    if (fetched.expires) json.member("Expiration", std::string_view{to_iso8601(*fetched.expires)});
    json.end_object();
    const auto again = clients::read_keys_json(json.text(), "Token");
    require(again.has_value(), "keys that are written can be read");
    require(again->keys.access_key_id == fetched.keys.access_key_id &&
                again->keys.secret_access_key == fetched.keys.secret_access_key &&
                again->keys.session_token == fetched.keys.session_token &&
                again->expires == fetched.expires,
            "and are the same");
}

}  // namespace

void check(std::string_view input) {
    const auto fetched = clients::read_keys_json(input, "Token");
    if (fetched) {
        require_usable(*fetched);
        require(fits_header(fetched->keys.access_key_id) &&
                    fits_header(fetched->keys.session_token.reveal()),
                "what is sent in a header fits one");
        require_round_trip(*fetched);
    } else {
        require_sound(fetched.error());
        const ErrorKind kind = fetched.error().kind;
        require(kind == ErrorKind::denied || kind == ErrorKind::invalid,
                "no keys: refused, or unusable");
    }
    if (input.find(secret) != std::string_view::npos) return;
    for (const std::string_view member : {"AccessKeyId", "Expiration", "Code", "Message"}) {
        const auto refused = clients::read_keys_json(with_secret(member, input), "Token");
        require(refused || describe(refused.error()).find(secret) == std::string::npos,
                "an error holds no secret");
    }
    require(clients::read_refusal(input).size() <= 700, "a refusal is of bounded length");
}

}  // namespace fas::fuzz::keys_json
