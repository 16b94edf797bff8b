// Times by a cron expression of five fields, as Vixie's cron reads them: minute, hour, day of the
// month, month, day of the week. Where both days are restricted, either will do; a field that
// begins with * restricts nothing. https://man7.org/linux/man-pages/man5/crontab.5.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time_zone.h"

namespace fas::scaling {

class Cron {
  public:
    // The last minute at or before this time that the expression names, by the same clock. Nothing
    // where there was none in 41 years, in which every expression has its turn that has one at all.
    std::optional<LocalSeconds> last_until(LocalSeconds time) const;

    const std::string& text() const { return text_; }
    bool operator==(const Cron&) const = default;

  private:
    friend std::optional<Cron> parse_cron(std::string_view text, std::string* problem);

    bool on_day(unsigned day, unsigned weekday) const;
    std::optional<std::chrono::minutes> last_minute(std::chrono::minutes until) const;

    std::string text_;
    // A bit for each number, from 0.
    std::uint64_t minutes_ = 0;
    std::uint64_t hours_ = 0;
    std::uint64_t days_ = 0;
    std::uint64_t months_ = 0;
    std::uint64_t weekdays_ = 0;  // Sunday is 0
    bool any_day_ = false;        // the field begins with *
    bool any_weekday_ = false;
};

// Lists, ranges, steps of ranges and of *, names of months and days, and @hourly, @daily, @weekly,
// @monthly and @yearly. For anything else nothing, and what is wrong with it, for a person; so,
// too, for one that never comes, such as the 30th of February.
std::optional<Cron> parse_cron(std::string_view text, std::string* problem);

}  // namespace fas::scaling
