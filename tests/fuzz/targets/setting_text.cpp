// Names and URLs of the configuration: each check accepts exactly what its published pattern does.
#include "app/setting_text.h"

#include <map>
#include <regex>

#include "app/setting_table.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz {

namespace {

constexpr std::size_t text_bytes_max = 400;  // std::regex recurses once a byte

const std::regex& compiled(std::string_view pattern) {
    static std::map<std::string_view, std::regex> known;
    const auto found = known.find(pattern);
    if (found != known.end()) return found->second;
    return known.emplace(pattern, std::regex(pattern.begin(), pattern.end())).first->second;
}

}  // namespace

void check(std::string_view input) {
    if (input.size() > text_bytes_max) return;
    for (const app::Setting& setting : app::setting_table()) {
        const auto* text = std::get_if<app::TextType>(&setting.type);
        if (text == nullptr) continue;
        const bool matches = std::regex_match(input.begin(), input.end(), compiled(text->pattern));
        require(text->valid(input) == matches, setting.key);
        require(!matches || printable(input), "what is accepted can be printed");
    }
    if (!app::is_queue_url(input)) return;
    const auto region = app::region_of_queue_url(input);
    require(!region || app::is_region(*region), "a queue's region is one");
}

}  // namespace fas::fuzz
