// A JSON pointer, the input's first line, over a document, the rest, as queue_type http has them:
// it leads to the value that has this pointer, or says how far it leads.
#include <algorithm>
#include <map>
#include <string>

#include "json/pointer.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::json_pointer {

namespace {

constexpr json::Limits limits{.bytes_max = std::size_t{64} << 10U, .depth_max = 32};
constexpr std::size_t pointer_bytes_max = 200;

using Places = std::map<std::string, json::Value>;

std::string escaped(std::string_view name) {
    std::string part;
    for (const char c : name) {
        switch (c) {
            case '~': part += "~0"; break;
            case '/': part += "~1"; break;
            default: part += c;
        }
    }
    return part;
}

// Every value of the document, by its pointer: of members of one name, the first.
void add_places(const json::Value& value, const std::string& pointer, Places& places) {
    if (!places.emplace(pointer, value).second) return;
    const auto items = value.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
        add_places(items[i], pointer + '/' + std::to_string(i), places);
    }
    for (const json::Member& member : value.members()) {
        add_places(member.value, pointer + '/' + escaped(member.key), places);
    }
}

bool alike(const json::Value& a, const json::Value& b) {
    return a.type() == b.type() && a.as_string() == b.as_string() && a.as_bool() == b.as_bool() &&
           a.as_double() == b.as_double() && a.items().size() == b.items().size() &&
           std::ranges::equal(a.members(), b.members(), {}, &json::Member::key, &json::Member::key);
}

void check_one(const json::Value& root, const std::string& pointer, const Places& places) {
    const auto found = json::find_pointer(root, pointer);
    const auto place = places.find(pointer);
    require(found.has_value() == (place != places.end()), "what is there is found, and no more");
    if (found) return require(alike(*found, place->second), "the value is the pointer's own");
    require(found.error().kind == ErrorKind::invalid && found.error().code == "NotThere",
            "a pointer that leads nowhere is told as that");
    if (pointer.size() <= pointer_bytes_max && printable(pointer)) require_sound(found.error());
}

}  // namespace

void check(std::string_view input) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string pointer{input.substr(0, end)};
    const auto document = json::parse(input.substr(std::min(end + 1, input.size())), limits);
    if (!document) return require_sound(document.error());

    const json::Value root = document->root();
    Places places;
    add_places(root, "", places);
    for (const auto& [known, value] : places) {
        require(json::is_pointer(known), "each place has a pointer");
        check_one(root, known, places);
        check_one(root, known + "/-", places);
    }
    if (json::is_pointer(pointer)) check_one(root, pointer, places);
}

}  // namespace fas::fuzz::json_pointer
