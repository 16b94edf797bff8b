#include "json/pointer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/excerpt.h"
#include "base/parse_number.h"

namespace fas::json {

namespace {

constexpr std::size_t names_max = 8;
constexpr std::size_t name_bytes_max = 40;

std::string unescaped(std::string_view part) {
    std::string text;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '~' && i + 1 < part.size()) {
            text += part[++i] == '1' ? '/' : '~';
        } else {
            text += part[i];
        }
    }
    return text;
}

// RFC 6901, section 4: digits without a leading zero. "-" is the item after the last, which never
// is there.
std::optional<Value> item_at(const Value& array, std::string_view part) {
    const auto index = parse_number<std::size_t>(part);
    if (!index || (part.size() > 1 && part.starts_with('0'))) return std::nullopt;
    const std::vector<Value> items = array.items();
    return *index < items.size() ? std::optional{items[*index]} : std::nullopt;
}

// What there is in place of what was looked for.
std::string describe_place(const Value& value) {
    if (value.is_array()) return fmt::format("an array of {} items", value.items().size());
    if (!value.is_object()) return fmt::format("a {}", value.type_name());
    const std::vector<Member> members = value.members();
    if (members.empty()) return "an object without members";
    std::string names;
    for (std::size_t i = 0; i < members.size() && i < names_max; ++i) {
        names +=
            fmt::format("{}\"{}\"", i == 0 ? "" : ", ", excerpt(members[i].key, name_bytes_max));
    }
    return fmt::format("an object with {}{}", names, members.size() > names_max ? ", ..." : "");
}

}  // namespace

bool is_pointer(std::string_view text) {
    if (!text.empty() && !text.starts_with('/')) return false;
    for (std::size_t i = text.find('~'); i != std::string_view::npos; i = text.find('~', i + 1)) {
        if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
    }
    return true;
}

Result<Value> find_pointer(const Value& root, std::string_view pointer) {
    Value value = root;
    std::size_t begin = 0;
    while (begin < pointer.size()) {
        const std::size_t end = std::min(pointer.find('/', begin + 1), pointer.size());
        const std::string part = unescaped(pointer.substr(begin + 1, end - begin - 1));
        const auto next = value.is_array() ? item_at(value, part) : value.find(part);
        if (!next) {
            return Error{.kind = ErrorKind::invalid,
                         .message = fmt::format("{} is not there: at {} is {}", pointer,
                                                begin == 0 ? "the top" : pointer.substr(0, begin),
                                                describe_place(value)),
                         .code = "NotThere"};
        }
        value = *next;
        begin = end;
    }
    return value;
}

}  // namespace fas::json
