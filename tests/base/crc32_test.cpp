#include "base/crc32.h"

#include <gtest/gtest.h>

namespace fas {
namespace {

// As Python's zlib.crc32() has them; the second is the check value of every catalogue of CRCs.
TEST(Crc32, IsThatOfZlib) {
    EXPECT_EQ(crc32(""), 0U);
    EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
    EXPECT_EQ(crc32("{}"), 2745614147U);
    EXPECT_EQ(crc32(std::string_view{"\0\xff", 2}), 0x6cdbfd72U);
}

}  // namespace
}  // namespace fas
