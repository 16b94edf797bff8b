// The format of the shared AWS files: what is read means the same after it was written again.
#include "clients/aws/config/ini.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::ini {

namespace {

constexpr std::string_view secret = "correct-horse-battery";
constexpr std::string_view blanks = " \t\r\v\f";

using Sections = std::map<std::string, clients::ConfigSection, std::less<>>;

bool trimmed(std::string_view text) {
    return text.empty() || (!blanks.contains(text.front()) && !blanks.contains(text.back()));
}

// A value of more than one line is continued by indented ones.
void write(std::string& out, std::string_view key, std::string_view value) {
    out.append(key).append(" = ");
    for (const char c : value) {
        out += c;
        if (c == '\n') out += "  ";
    }
    out += '\n';
}

std::string write(const Sections& sections) {
    std::string out;
    for (const auto& [name, section] : sections) {
        out.append("[").append(name).append("]\n");
        for (const auto& [key, value] : section.values) {
            write(out, key, value);
            const auto nested = section.nested.find(key);
            if (nested == section.nested.end()) continue;
            for (const auto& [inner, text] : nested->second) write(out.append("  "), inner, text);
        }
    }
    return out;
}

bool same(const Sections& a, const Sections& b) {
    return std::ranges::equal(a, b, [](const auto& one, const auto& other) {
        return one.first == other.first && one.second.values == other.second.values &&
               one.second.nested == other.second.nested;
    });
}

// In a block a colon is part of the key.
void require_tidy(const clients::ConfigValues& values, bool block) {
    for (const auto& [key, value] : values) {
        require(!key.empty() && trimmed(key), "a key stands without white space");
        require(key.find_first_of(block ? "=\n" : "=:\n") == std::string::npos,
                "a key ends before its sign");
        require(std::ranges::none_of(key, [](char c) { return c >= 'A' && c <= 'Z'; }),
                "a key is in lower case");
        require(trimmed(value), "a value stands without white space");
    }
}

}  // namespace

void check(std::string_view input) {
    const auto sections = clients::parse_ini(input);
    if (!sections) {
        require_sound(sections.error());
        require(sections.error().kind == ErrorKind::invalid, "a bad file is invalid");
        require(sections.error().message.starts_with("line "), "an error has its line");
    } else {
        for (const auto& [name, section] : *sections) {
            require(!name.empty() && trimmed(name), "a section has a name");
            require_tidy(section.values, false);
            for (const auto& [key, block] : section.nested) {
                require(section.values.contains(key) && section.values.at(key).empty(),
                        "a block belongs to a key without a value");
                require_tidy(block, true);
            }
        }
        const auto again = clients::parse_ini(write(*sections));
        require(again.has_value(), "what is written can be read");
        require(same(*sections, *again), "and means the same");
    }

    if (input.find(secret) != std::string_view::npos) return;
    const auto other = clients::parse_ini(std::string{"[x]\n"}.append(secret).append(input));
    require(other || describe(other.error()).find(secret) == std::string::npos,
            "an error does not repeat the line");
}

}  // namespace fas::fuzz::ini
