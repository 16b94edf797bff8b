// A value or an Error. Every function that can fail returns one; dropping it is a compile error.
#pragma once

#include <expected>
#include <utility>

#include "base/error.h"

namespace fas {

// std::expected, with two additions: it is [[nodiscard]], and an Error converts to it, so that
// `return Error{...};` reads as what it is.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
  public:
    using std::expected<T, Error>::expected;
    Result(Error error) : std::expected<T, Error>(std::unexpect, std::move(error)) {}
};

}  // namespace fas
