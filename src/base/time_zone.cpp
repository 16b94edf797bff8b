#include "base/time_zone.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace fas {

namespace {

using std::chrono::seconds;

constexpr SysSeconds first_time{seconds{-900'000'000'000}};
constexpr SysSeconds last_time{seconds{900'000'000'000}};

// Clocks differ from UTC by no more (RFC 9636, section 3.2), which bounds each search.
constexpr seconds offset_min{-25 * 3600};
constexpr seconds offset_max{26 * 3600};

// How long after clocks were set back they may show again what they have shown before.
constexpr seconds set_back_max = offset_max - offset_min;

Error not_usable(std::string why) {
    return {ErrorKind::invalid, "the time zone's file is not usable: " + std::move(why)};
}

// Takes big-endian numbers from the front; a text that is too short makes it fail for good.
class Bytes {
  public:
    explicit Bytes(std::string_view text) : rest_(text) {}

    bool failed() const { return failed_; }
    std::string_view rest() const { return rest_; }

    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            rest_ = {};
            return {};
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::uint64_t number(std::size_t size) {
        std::uint64_t number = 0;
        for (const char byte : take(size)) {
            number = number << 8U | static_cast<unsigned char>(byte);
        }
        return number;
    }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

struct Header {
    char version = '\0';
    std::size_t is_ut, is_standard, leaps, times, types, characters;

    // Of the block behind it, whose times have so many bytes.
    std::size_t block_size(std::size_t time_size) const {
        return times * (time_size + 1) + types * 6 + characters + leaps * (time_size + 4) +
               is_standard + is_ut;
    }
};

std::optional<Header> take_header(Bytes& bytes) {
    if (bytes.take(4) != "TZif") return std::nullopt;
    Header header{};
    header.version = static_cast<char>(bytes.number(1));
    bytes.take(15);
    for (std::size_t* count : {&header.is_ut, &header.is_standard, &header.leaps, &header.times,
                               &header.types, &header.characters}) {
        *count = bytes.number(4);
    }
    if (bytes.failed()) return std::nullopt;
    return header;
}

// The rule stands between two line ends; an empty one says nothing.
std::optional<std::string_view> footer_of(std::string_view rest) {
    if (rest.size() < 2 || !rest.starts_with('\n')) return std::nullopt;
    const auto end = rest.find('\n', 1);
    if (end == std::string_view::npos) return std::nullopt;
    return rest.substr(1, end - 1);
}

}  // namespace

Result<TimeZone> parse_time_zone(std::string_view text) {
    Bytes bytes{text};
    const auto old_header = take_header(bytes);
    if (!old_header) return not_usable("it does not begin as one");
    if (old_header->version < '2') return not_usable("it is of version 1, without a rule");
    bytes.take(old_header->block_size(4));
    const auto header = take_header(bytes);
    if (!header) return not_usable("it ends before its second part");
    if (header->leaps != 0) return not_usable("it counts leap seconds");
    if (header->types == 0 || header->types > 256) return not_usable("it has no offsets");
    if (header->block_size(8) > bytes.rest().size()) return not_usable("it is cut off");

    Bytes times{bytes.take(header->times * 8)};
    Bytes kinds{bytes.take(header->times)};
    std::array<seconds, 256> offsets{};
    for (std::size_t i = 0; i < header->types; ++i) {
        offsets[i] = seconds{static_cast<std::int32_t>(bytes.number(4))};
        bytes.take(2);
        if (offsets[i] < offset_min || offsets[i] > offset_max) {
            return not_usable("an offset is of more than a day");
        }
    }
    bytes.take(header->characters + header->is_standard + header->is_ut);

    TimeZone zone;
    zone.first_offset_ = offsets[0];
    for (std::size_t i = 0; i < header->times; ++i) {
        const seconds given{static_cast<std::int64_t>(times.number(8))};
        const SysSeconds at = std::clamp(SysSeconds{given}, first_time, last_time);
        const std::size_t kind = kinds.number(1);
        if (kind >= header->types) return not_usable("a change leads to no offset");
        if (!zone.transitions_.empty() && at <= zone.transitions_.back().at) {
            return not_usable("its changes are not in order");
        }
        zone.transitions_.push_back({at, offsets[kind]});
    }
    const auto footer = footer_of(bytes.rest());
    if (!footer) return not_usable("it is cut off");
    if (!footer->empty()) {
        zone.rule_ = parse_posix_zone_rule(*footer);
        if (!zone.rule_) return not_usable("its rule for later years is not understood");
    }
    return zone;
}

// Of the years about the time: a change may fall into the year before or after its own.
TimeZone::Period TimeZone::period_of_rule(SysSeconds time) const {
    const SysSeconds begin = transitions_.empty() ? first_time : transitions_.back().at;
    Period period{begin, last_time, rule_->offset};
    if (!rule_->summer) return period;
    const PosixZoneRule::Summer& summer = *rule_->summer;
    const std::chrono::year year =
        std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();

    std::vector<Transition> changes;
    // Where it is summer all year, one ends as the next begins, and that is what counts.
    const auto add = [&changes](LocalSeconds local, seconds before, seconds after) {
        const SysSeconds at{local.time_since_epoch() - before};
        changes.insert(std::ranges::upper_bound(changes, at, {}, &Transition::at), {at, after});
    };
    for (int i = -2; i <= 2; ++i) {
        const std::chrono::year of{static_cast<int>(year) + i};
        add(local_time_of(summer.begins, of), rule_->offset, summer.offset);
        add(local_time_of(summer.ends, of), summer.offset, rule_->offset);
    }
    for (const Transition& change : changes) {
        if (change.at > time) {
            period.end = std::min(change.at, last_time);
            break;
        }
        period = {std::max(change.at, begin), last_time, change.offset};
    }
    return period;
}

TimeZone::Period TimeZone::period_at(SysSeconds time) const {
    time = std::clamp(time, first_time, last_time - seconds{1});
    const auto next = std::ranges::upper_bound(transitions_, time, {}, &Transition::at);
    if (next == transitions_.end() && rule_) return period_of_rule(time);
    const SysSeconds end = next == transitions_.end() ? last_time : next->at;
    if (next == transitions_.begin()) return {first_time, end, first_offset_};
    return {std::prev(next)->at, end, std::prev(next)->offset};
}

LocalSeconds TimeZone::furthest_at(SysSeconds time) const {
    time = std::clamp(time, first_time, last_time - seconds{1});
    Period period = period_at(time);
    LocalSeconds furthest{(time + period.offset).time_since_epoch()};
    while (period.begin > first_time && time - period.begin < set_back_max) {
        const SysSeconds last_before = period.begin - seconds{1};
        period = period_at(last_before);
        furthest =
            std::max(furthest, LocalSeconds{(last_before + period.offset).time_since_epoch()});
    }
    return furthest;
}

SysSeconds TimeZone::first_at(LocalSeconds local) const {
    const SysSeconds as_utc{local.time_since_epoch()};
    Period period = period_at(as_utc - offset_max);
    while (as_utc - period.offset >= period.end && period.end < last_time) {
        period = period_at(period.end);
    }
    return std::max(period.begin, as_utc - period.offset);
}

}  // namespace fas
