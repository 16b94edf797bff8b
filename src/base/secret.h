// Text that must not be printed: secret keys, session tokens, passwords. It has no stream operator
// and no implicit conversion; reveal() marks the few places that may look.
#pragma once

#include <string>
#include <utility>

namespace fas {

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}

    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }
    bool operator==(const Secret&) const = default;

  private:
    std::string text_;
};

}  // namespace fas
