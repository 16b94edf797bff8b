#include "base/base64.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

// Those of RFC 4648, section 10, and every digit.
TEST(Base64, IsThatOfTheRfc) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xfb\xff\xbe"), "+/++");
}

}  // namespace
}  // namespace fas
