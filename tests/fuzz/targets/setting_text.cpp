// Names and URLs of the configuration: each check accepts what its published pattern does.
#include <map>
#include <optional>
#include <regex>
#include <string>

#include "base/control_characters.h"
#include "base/kind.h"
#include "clients/aws/names.h"
#include "clients/aws/queue_address.h"
#include "settings/tables.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::setting_text {

namespace {

constexpr std::size_t text_bytes_max = 400;  // std::regex recurses once a byte

const std::wregex& compiled(const std::string& pattern) {
    static std::map<std::string, std::wregex> known;
    const auto found = known.find(pattern);
    if (found != known.end()) return found->second;
    // A maximum that no input reaches is none, which std::regex compiles sooner, and at all.
    static const std::regex unreached(",[0-9]{4,}\\}");
    const std::string same = std::regex_replace(pattern, unreached, ",}");
    const std::wstring wide(same.begin(), same.end());
    return known.emplace(pattern, std::wregex(wide)).first->second;
}

// The characters of UTF-8; null where it is none.
std::optional<std::wstring> characters(std::string_view text) {
    std::wstring result;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return std::nullopt;
        const auto lead = static_cast<unsigned char>(text.front());
        auto character = static_cast<wchar_t>(length == 1 ? lead : lead & (0xFFU >> (length + 1)));
        for (const char c : text.substr(1, length - 1)) character = character << 6 | (c & 0x3F);
        result += character;
        text.remove_prefix(length);
    }
    return result;
}

// A pattern is for a document, which is UTF-8. It never refuses what the check accepts; and accepts
// no more, but that it counts characters where the check counts bytes, and reads no number in a
// URL.
void check_type(const Type& type, std::string_view key, std::string_view input) {
    const auto* text = std::get_if<Text>(&type);
    const auto wide = characters(input);
    if (text == nullptr || !wide) return;
    const bool matches = std::regex_match(*wide, compiled(text->grammar.pattern()));
    const bool valid = text->grammar.accepts(input);
    const bool ascii = wide->size() == input.size();
    const bool exact = ascii && (key == "queue_url" || !input.contains("://"));
    require(valid ? matches : !(matches && exact), key);
}

// Names of AWS's things; those of other queues may be in any script.
void check_can_be_printed(const Type& type, std::string_view input) {
    const auto* text = std::get_if<Text>(&type);
    const bool accepted = text != nullptr && text->grammar.accepts(input);
    require(!accepted || printable(input), "what is accepted can be printed");
}

}  // namespace

void check(std::string_view input) {
    if (input.size() > text_bytes_max) return;
    for (const Table* table : {&settings::target_table, &settings::process_table}) {
        for (const Row& row : table->rows) {
            check_type(row.type, row.key, input);
            check_can_be_printed(row.type, input);
            const auto* name = std::get_if<KindName>(&row.type);
            if (name == nullptr) continue;
            for (const Kind* kind : name->kinds) {
                for (const Row& option : kind->table.rows) {
                    check_type(option.type, option.key, input);
                }
            }
        }
    }
    if (!clients::is_queue(input)) return;
    const clients::QueueAddress queue = clients::queue_address(input);
    require(queue.url.empty() != queue.name.empty(), "a queue has a URL or a name");
    require(queue.region.empty() || !queue.url.empty() || !queue.account.empty(),
            "a name alone is in no region");
    require(queue.scheme.empty() == queue.host.empty(), "a host is asked by its scheme");
}

}  // namespace fas::fuzz::setting_text
