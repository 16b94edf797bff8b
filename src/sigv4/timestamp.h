// The time of a signature, in the one form that x-amz-date and the credential scope are written in.
#pragma once

#include <array>
#include <string_view>

#include "base/time.h"

namespace fas::sigv4 {

// Years beyond four digits, which no service accepts, are cut to their last four.
class Timestamp {
  public:
    explicit Timestamp(TimePoint time);

    // Views into this object.
    std::string_view date_and_time() const { return {text_.data(), text_.size()}; }  // UTC
    std::string_view date() const { return {text_.data(), 8}; }

  private:
    std::array<char, 16> text_;  // "20150830T123600Z"
};

}  // namespace fas::sigv4
