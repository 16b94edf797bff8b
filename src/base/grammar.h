// What a text may be, as one value that gives both the check and the regular expression
// (ECMAScript's, for the published schema).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fas {

class Grammar {
  public:
    static constexpr std::size_t unbounded = std::string_view::npos;
    static constexpr std::string_view any = "\\s\\S";  // as characters: every byte

    // `min` to `max` of these characters of ASCII, written as between a regular expression's
    // brackets, but without escapes: "a-z0-9_-". A '-' that begins a range is written "--/".
    constexpr Grammar(std::string_view characters, std::size_t min, std::size_t max = unbounded)
        : text_(characters), min_(min), max_(max) {
        if (characters == any) return;
        for (std::size_t i = 0; i < characters.size(); ++i) {
            const bool range = i + 2 < characters.size() && characters[i + 1] == '-';
            allow(characters[i], range ? characters[i + 2] : characters[i]);
            if (range) i += 2;
        }
    }

    // What no set of characters can say: the whole expression, and a function that accepts just the
    // same texts, since an engine for expressions would cost more than all the rest of a start.
    constexpr Grammar(std::string_view pattern, bool (*valid)(std::string_view text))
        : text_(pattern), valid_(valid) {}

    constexpr bool accepts(std::string_view text) const {
        if (valid_ != nullptr) return valid_(text);
        if (text.size() < min_ || text.size() > max_) return false;
        for (const char c : text) {
            if (text_ != any && !allows(static_cast<unsigned char>(c))) return false;
        }
        return true;
    }

    // "^[a-z0-9_-]{1,40}$"
    std::string pattern() const;

  private:
    constexpr bool allows(unsigned char c) const {
        return c < 128 && (allowed_[c / 64] >> (c % 64) & 1) != 0;
    }
    constexpr void allow(char first, char last) {
        for (auto c = static_cast<unsigned char>(first); c <= static_cast<unsigned char>(last);
             ++c) {
            allowed_[c / 64] |= std::uint64_t{1} << (c % 64);
        }
    }

    std::string_view text_;
    std::size_t min_ = 0;
    std::size_t max_ = 0;
    std::array<std::uint64_t, 2> allowed_{};  // a bit for each character
    bool (*valid_)(std::string_view text) = nullptr;
};

}  // namespace fas
