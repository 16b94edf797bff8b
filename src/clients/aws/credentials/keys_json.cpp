#include "clients/aws/credentials/keys_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/excerpt.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr json::Limits keys_limits{.bytes_max = keys_json_bytes_max, .depth_max = 8};
constexpr std::size_t code_bytes_max = 100;
constexpr std::size_t refusal_bytes_max = 500;

Error unusable_keys(std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("the answer holds no usable keys: {}", why),
            .code = "UnusableKeys"};
}

// What can stand in a signed header without a second thought.
bool is_one_printable_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

struct Refusal {
    std::string code;
    std::string message;
};

Refusal refusal_in(const json::Value& root) {
    const auto text = [&](std::string_view upper, std::string_view lower, std::size_t bytes_max) {
        return std::string{excerpt(root.text_at(root.find(upper) ? upper : lower), bytes_max)};
    };
    return {text("Code", "code", code_bytes_max), text("Message", "message", refusal_bytes_max)};
}

// A member that must be a word, if it is there; null is as good as absent.
Result<std::string> read_word(const json::Value& root, std::string_view name) {
    const auto member = root.find(name);
    if (!member || member->is_null()) return std::string{};
    const auto text = member->as_string();
    if (!text)
        return unusable_keys(fmt::format("{} is not a string but {}", name, member->type_name()));
    if (!text->empty() && !is_one_printable_word(*text)) {
        return unusable_keys(fmt::format("{} holds white space or what is not ASCII", name));
    }
    return std::string{*text};
}

}  // namespace

Result<FetchedCredentials> read_keys_json(std::string_view text, std::string_view token_member) {
    const auto document = json::parse(text, keys_limits);
    if (!document) return unusable_keys(document.error().message);
    const json::Value root = document->root();
    if (!root.is_object()) return unusable_keys("it is not a JSON object");

    auto key = read_word(root, "AccessKeyId");
    if (!key) return key.error();
    auto secret = read_word(root, "SecretAccessKey");
    if (!secret) return secret.error();
    auto token = read_word(root, token_member);
    if (!token) return token.error();
    const auto expiration = read_word(root, "Expiration");
    if (!expiration) return expiration.error();

    // Instance metadata says "Success" beside keys, and its refusals with the status 200.
    if (key->empty() && secret->empty()) {
        Refusal refusal = refusal_in(root);
        if (!refusal.code.empty() || !refusal.message.empty()) {
            if (refusal.message.empty()) refusal.message = "it gives no reason";
            return Error{.kind = ErrorKind::denied,
                         .message = std::move(refusal.message),
                         .code = std::move(refusal.code)};
        }
    }
    if (key->empty()) return unusable_keys("no AccessKeyId");
    if (secret->empty()) return unusable_keys("no SecretAccessKey");
    FetchedCredentials fetched;
    fetched.keys = {std::move(*key), Secret{std::move(*secret)}, Secret{std::move(*token)}};
    if (!expiration->empty()) {
        fetched.expires = parse_iso8601(*expiration);
        if (!fetched.expires) return unusable_keys("its Expiration is not a time");
    }
    return fetched;
}

std::string read_refusal(std::string_view text) {
    const auto document = json::parse(text, keys_limits);
    if (!document) return "";
    const Refusal refusal = refusal_in(document->root());
    if (refusal.code.empty() || refusal.message.empty()) return refusal.code + refusal.message;
    return fmt::format("{}: {}", refusal.code, refusal.message);
}

}  // namespace fas::clients
