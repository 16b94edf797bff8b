// Names and URLs of the configuration: each check accepts exactly what its published pattern does.
#include <map>
#include <regex>

#include "app/kinds.h"
#include "app/setting_table.h"
#include "clients/aws_names.h"
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

void check_type(const OptionType& type, std::string_view key, std::string_view input) {
    const auto* text = std::get_if<TextType>(&type);
    if (text == nullptr) return;
    const bool matches = std::regex_match(input.begin(), input.end(), compiled(text->pattern));
    require(text->valid(input) == matches, key);
}

// Names of AWS's things; those of other queues may be in any script.
void check_can_be_printed(const OptionType& type, std::string_view input) {
    const auto* text = std::get_if<TextType>(&type);
    const bool accepted = text != nullptr && text->valid(input);
    require(!accepted || printable(input), "what is accepted can be printed");
}

}  // namespace

void check(std::string_view input) {
    if (input.size() > text_bytes_max) return;
    for (const app::Setting& setting : app::setting_table()) {
        const auto* type = std::get_if<OptionType>(&setting.type);
        if (type == nullptr) continue;
        check_type(*type, setting.key, input);
        check_can_be_printed(*type, input);
    }
    for (const app::PartKeys& keys : app::part_keys) {
        for (const app::Kind& kind : app::kinds_of(keys.part)) {
            for (const Option& option : kind.options) check_type(option.type, option.key, input);
        }
    }
    if (!clients::is_queue_url(input)) return;
    const auto region = clients::region_of_queue_url(input);
    require(!region || clients::is_region(*region), "a queue's region is one");
}

}  // namespace fas::fuzz
