// Whatever bytes are written as text, the outcome is JSON; UTF-8 comes back as it was.
#include "base/json_writer.h"

#include "json/reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::json_writer {

void check(std::string_view input) {
    JsonWriter out;
    out.begin_object().key(input).begin_array().value(input).value(-1).end_array();
    out.member("after", true).end_object();

    const auto document = json::parse(out.text(), {.bytes_max = out.text().size()});
    require(document.has_value(), "what is written is JSON");
    const auto members = document->root().members();
    require(members.size() == 2 && members[1].key == "after", "no text leaves its quotes");
    const auto items = members[0].value.items();
    require(items.size() == 2 && items[1].as_int() == -1, "no text leaves its quotes");
    require(items[0].as_string() == members[0].key, "a key is written as a value is");

    const std::string_view read = members[0].key;
    const bool replaced = read.find("\xEF\xBF\xBD") != std::string_view::npos;
    require(read == input || replaced, "UTF-8 comes back as it was");
    JsonWriter again;
    again.value(read);
    const auto same = json::parse(again.text(), {.bytes_max = again.text().size()});
    require(same && same->root().as_string() == read, "what was replaced once is UTF-8");
}

}  // namespace fas::fuzz::json_writer
