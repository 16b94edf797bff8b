#include "clients/aws/config/ini.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/take.h"
#include "base/trim.h"

namespace fas::clients {

namespace {

using Sections = std::map<std::string, ConfigSection, std::less<>>;

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view without_comment(std::string_view value) {
    for (std::size_t i = 1; i < value.size(); ++i) {
        const bool begins = value[i] == '#' || value[i] == ';';
        if (begins && blanks.contains(value[i - 1])) return trim(value.substr(0, i), blanks);
    }
    return value;
}

struct KeyAndValue {
    std::string key;
    std::string value;
};

// Nothing when the line holds no key.
std::optional<KeyAndValue> split_at_first(std::string_view delimiters, std::string_view line) {
    const std::size_t delimiter = line.find_first_of(delimiters);
    if (delimiter == std::string_view::npos) return std::nullopt;
    const std::string_view key = trim(line.substr(0, delimiter), blanks);
    if (key.empty()) return std::nullopt;
    return KeyAndValue{lower_case(key),
                       std::string{without_comment(trim(line.substr(delimiter + 1), blanks))}};
}

class Parser {
  public:
    // What is wrong with the line; empty when nothing is.
    std::string_view take(std::string_view line) {
        const std::string_view text = trim(line, blanks);
        if (text.empty() || text.front() == '#' || text.front() == ';') return {};
        const std::size_t indent = line.find_first_not_of(blanks);
        if (!key_.empty() && indent > key_indent_) return take_indented(text);
        key_indent_ = indent;
        if (text.front() == '[') return take_header(text);
        return take_key(text);
    }

    Sections sections;

  private:
    std::string_view take_header(std::string_view text) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return "its bracket is not closed";
        const std::string_view name = trim(text.substr(1, end - 1), blanks);
        if (name.empty()) return "its brackets are empty";
        section_ = &sections[std::string{name}];
        key_.clear();
        return {};
    }

    std::string_view take_key(std::string_view text) {
        if (section_ == nullptr) return "it stands before the first [section]";
        auto found = split_at_first("=:", text);
        if (!found) return "it is neither [section], key = value, nor a # comment";
        key_ = std::move(found->key);
        section_->nested.erase(key_);
        section_->values[key_] = std::move(found->value);
        return {};
    }

    std::string_view take_indented(std::string_view text) {
        std::string& value = section_->values[key_];
        if (!value.empty()) {
            value += '\n';
            value += without_comment(text);
            return {};
        }
        auto found = split_at_first("=", text);
        if (!found) return "it is not a key = value in the block of the key above it";
        section_->nested[key_][found->key] = std::move(found->value);
        return {};
    }

    ConfigSection* section_ = nullptr;
    std::string key_;  // that lines belong to which are indented further; empty: none yet
    std::size_t key_indent_ = 0;
};

Error bad(std::string message) {
    return {.kind = ErrorKind::invalid, .message = std::move(message), .code = "BadConfigFile"};
}

}  // namespace

Result<Sections> parse_ini(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.size() > ini_bytes_max) return bad("it is larger than 1 MiB");
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    Parser parser;
    for (int number = 1; !text.empty(); ++number) {
        const std::string_view problem = parser.take(take_until(text, '\n'));
        if (!problem.empty()) return bad(fmt::format("line {}: {}", number, problem));
    }
    return std::move(parser.sections);
}

}  // namespace fas::clients
