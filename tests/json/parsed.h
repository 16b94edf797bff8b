// A document of a text that is JSON, for tests of what is read from it.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

#include "json/reader.h"

namespace fas::json {

inline Document parsed(std::string_view text) {
    auto document = parse(text, {.bytes_max = 1 << 20});
    EXPECT_TRUE(document) << text << ": " << document.error().message;
    return std::move(*document);
}

}  // namespace fas::json
