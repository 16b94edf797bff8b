// Writes one JSON document into a string: request bodies, reports, logs. The caller keeps begin
// and end balanced; commas, quoting and escaping are done here. Output is always valid UTF-8
// that a terminal can show: a byte that is not part of valid UTF-8 is written as U+FFFD, and what a
// terminal would obey is escaped.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fas {

class JsonWriter {
  public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view{text}); }
    JsonWriter& value(bool boolean);
    JsonWriter& value(double number);  // not finite: null
    JsonWriter& value(std::int64_t number);
    template <std::integral Integer>
    JsonWriter& value(Integer number) {
        return value(static_cast<std::int64_t>(number));
    }
    JsonWriter& null();

    // A member of the object begun last: key and value in one.
    template <class Value>
    JsonWriter& member(std::string_view name, const Value& member_value) {
        return key(name).value(member_value);
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

  private:
    void separate();
    void quote(std::string_view text);

    std::string text_;
    bool first_ = true;  // nothing was written yet at this depth, or a key was
};

}  // namespace fas
