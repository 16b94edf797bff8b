#include "clients/credentials/keys_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/excerpt.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr json::Limits limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 8};
constexpr std::size_t code_bytes_max = 100;
constexpr std::size_t message_bytes_max = 500;

Error unusable(std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("the answer holds no usable keys: {}", why),
            .code = "UnusableKeys"};
}

// What can stand in a signed header without a second thought.
bool is_one_printable_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::string text_of(const json::Value& object, std::string_view upper, std::string_view lower,
                    std::size_t bytes_max) {
    auto member = object.find(upper);
    if (!member) member = object.find(lower);
    const auto text = member ? member->as_string() : std::nullopt;
    return std::string{excerpt(text.value_or(""), bytes_max)};
}

struct Refusal {
    std::string code;
    std::string message;
};

Refusal refusal_in(const json::Value& root) {
    return {text_of(root, "Code", "code", code_bytes_max),
            text_of(root, "Message", "message", message_bytes_max)};
}

// A member that must be a word, if it is there; null is as good as absent.
Result<std::string> read_word(const json::Value& root, std::string_view name) {
    const auto member = root.find(name);
    if (!member || member->is_null()) return std::string{};
    const auto text = member->as_string();
    if (!text) return unusable(fmt::format("{} is no string but {}", name, member->type_name()));
    if (!text->empty() && !is_one_printable_word(*text)) {
        return unusable(fmt::format("{} holds white space or what is not ASCII", name));
    }
    return std::string{*text};
}

}  // namespace

Result<FetchedCredentials> read_keys_json(std::string_view text, std::string_view token_member) {
    const auto document = json::parse(text, limits);
    if (!document) return unusable(document.error().message);
    const json::Value root = document->root();
    if (!root.is_object()) return unusable("it is no JSON object");

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
    if (key->empty()) return unusable("no AccessKeyId");
    if (secret->empty()) return unusable("no SecretAccessKey");
    FetchedCredentials fetched;
    fetched.keys = {std::move(*key), Secret{std::move(*secret)}, Secret{std::move(*token)}};
    if (!expiration->empty()) {
        fetched.expires = parse_iso8601(*expiration);
        if (!fetched.expires) return unusable("its Expiration is no time");
    }
    return fetched;
}

std::string read_refusal(std::string_view text) {
    const auto document = json::parse(text, limits);
    if (!document) return "";
    const Refusal refusal = refusal_in(document->root());
    if (refusal.code.empty() || refusal.message.empty()) return refusal.code + refusal.message;
    return fmt::format("{}: {}", refusal.code, refusal.message);
}

}  // namespace fas::clients
