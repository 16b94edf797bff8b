#include "simulation/figures.h"

#include <gtest/gtest.h>

#include <limits>

namespace fas::simulation {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(Figures, DurationsAreReadAsPeopleSayThem) {
    const std::pair<double, std::string_view> cases[] = {
        {0, "0 s"},         {0.0004, "0 s"},     {0.0006, "1 ms"},      {0.04, "40 ms"},
        {0.0949, "95 ms"},  {0.095, "0.1 s"},    {0.4, "0.4 s"},        {1, "1 s"},
        {9.94, "9.9 s"},    {9.96, "10 s"},      {59.4, "59 s"},        {59.5, "1 min"},
        {61, "1 min 1 s"},  {200, "3 min 20 s"}, {599.4, "9 min 59 s"}, {599.6, "10 min"},
        {2712, "45 min"},   {3569, "59 min"},    {3570, "1 h"},         {7560, "2.1 h"},
        {86400, "24 h"},    {302400, "3.5 d"},   {-12, "-12 s"},        {-0.0001, "0 s"},
        {not_a_number, "-"}};
    for (const auto& [seconds, text] : cases) {
        EXPECT_EQ(duration_text(Seconds{seconds}), text) << seconds;
    }
}

TEST(Figures, NumbersHaveTheDigitsThatMatter) {
    const std::pair<double, std::string_view> cases[] = {
        {0, "0"},        {0.0041, "0.004"},      {0.5, "0.5"},   {1.234, "1.23"},
        {12.34, "12.3"}, {82.0, "82"},           {123.4, "123"}, {999.5, "1,000"},
        {1234, "1,234"}, {1234567, "1,234,567"}, {-2.5, "-2.5"}, {not_a_number, "-"}};
    for (const auto& [number, text] : cases) EXPECT_EQ(number_text(number), text) << number;
    EXPECT_EQ(count_text(-1234), "-1,234");
    EXPECT_EQ(count_text(-0.2), "0");
}

TEST(Figures, MoneyHasItsSign) {
    EXPECT_EQ(money_text(0), "$0.00");
    EXPECT_EQ(money_text(0.0042), "$0.004");
    EXPECT_EQ(money_text(4.1), "$4.10");
    EXPECT_EQ(money_text(123.456), "$123.46");
    EXPECT_EQ(money_text(1234.5), "$1,234");
}

TEST(Figures, SharesAreInPercent) {
    EXPECT_EQ(share_text(0), "0 %");
    EXPECT_EQ(share_text(0.0001), "below 0.1 %");
    EXPECT_EQ(share_text(0.004), "0.4 %");
    EXPECT_EQ(share_text(0.5), "50 %");
    EXPECT_EQ(share_text(-0.12), "-12 %");
    EXPECT_EQ(share_text(12.5), "1,250 %");
}

}  // namespace
}  // namespace fas::simulation
