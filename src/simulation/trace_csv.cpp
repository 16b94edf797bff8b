#include "simulation/trace_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/control_characters.h"
#include "base/excerpt.h"
#include "base/parse_number.h"
#include "base/quantity.h"
#include "base/take.h"
#include "base/trim.h"

namespace fas::simulation {

namespace {

constexpr std::string_view blanks = " \t\r\"";
constexpr double bin_min = 0.001;                 // seconds
constexpr double span_max = 10 * 366 * 86'400.0;  // seconds
constexpr double bins_max = 5e6;                  // ten years of minutes
constexpr double count_max = 1e9;                 // of a bin
constexpr double moments_max = 1e8;

struct Fields {
    std::string_view time;
    std::optional<std::string_view> count;
    bool more = false;
};

Fields split(std::string_view line) {
    const std::size_t separator = line.find_first_of(",;\t");
    Fields fields{trim(line.substr(0, separator), blanks), std::nullopt};
    if (separator == std::string_view::npos) return fields;
    const std::string_view rest = line.substr(separator + 1);
    const std::size_t end = rest.find_first_of(",;\t");
    fields.count = trim(rest.substr(0, end), blanks);
    fields.more = end != std::string_view::npos;
    return fields;
}

std::optional<double> number(std::string_view text) {
    const auto value = parse_number<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, lower_case(name)) != names.end();
}

struct Row {
    double time = 0;  // seconds
    double count = 0;
};

class CsvReader {
  public:
    Result<TraceReading> read(std::string_view text);

  private:
    std::optional<Error> read_line(std::string_view line);
    std::optional<Error> read_names(const Fields& names);
    std::optional<double> time_of(std::string_view text) const;
    Result<TraceReading> moments() const;
    Result<TraceReading> bins() const;

    Error refuse(std::string_view what) const { return refuse_line(line_number_, what); }
    static Error refuse_line(std::size_t line, std::string_view what) {
        return make_error(ErrorKind::invalid, "BadTrace", fmt::format("line {}: {}", line, what));
    }

    std::size_t line_number_ = 0;
    std::size_t first_line_ = 0;  // of numbers
    bool has_counts_ = false;
    double unit_ = 1;  // seconds
    bool rates_ = false;
    std::vector<Row> rows_;
};

std::optional<double> CsvReader::time_of(std::string_view text) const {
    if (const auto value = number(text)) return *value * unit_;
    const auto time = parse_iso8601(text);
    return time ? std::optional{to_epoch_seconds(*time)} : std::nullopt;
}

std::optional<Error> CsvReader::read_names(const Fields& names) {
    constexpr std::array units{std::pair{"minute", 60.0}, std::pair{"hour", 3600.0},
                               std::pair{"day", 86'400.0}};
    for (const auto& [name, seconds] : units) {
        if (starts_ignoring_case(names.time, name)) unit_ = seconds;
    }
    rates_ = names.count && is_one_of(*names.count, {"rate", "per_second", "messages_per_second"});
    const bool counts = !names.count || rates_ ||
                        is_one_of(*names.count, {"count", "counts", "messages", "arrivals", "sent",
                                                 "value", "sum", "numberofmessagessent"});
    if (counts) return std::nullopt;
    return refuse(
        fmt::format("the second column is {}; name it messages for counts of a bin, or "
                    "messages_per_second for rates",
                    escaped(excerpt(*names.count, 40))));
}

std::optional<Error> CsvReader::read_line(std::string_view line) {
    const Fields fields = split(line);
    if (fields.more) return refuse("there are more than two columns; give the time and the count");
    const auto time = time_of(fields.time);
    if (rows_.empty() && first_line_ == 0) {
        first_line_ = line_number_;
        has_counts_ = fields.count.has_value();
        if (!time) return read_names(fields);
    }
    if (fields.count.has_value() != has_counts_) {
        return refuse(has_counts_ ? "the second column is missing" : "there is a second column");
    }
    if (!time) {
        return refuse(
            fmt::format("{} is no time; it must be a number of seconds, or like "
                        "2026-11-30T12:00:00Z",
                        escaped(excerpt(fields.time, 40))));
    }
    const auto count = has_counts_ ? number(*fields.count) : std::optional{1.0};
    if (!count || *count < 0 || *count > count_max) {
        return refuse(fmt::format("{} is no count; it must be a number from 0 to a billion",
                                  escaped(excerpt(*fields.count, 40))));
    }
    if (!rows_.empty() && *time < rows_.back().time) {
        return refuse("the time is before that of the line above; sort the lines by time");
    }
    if (!rows_.empty() && *time - rows_.front().time > span_max) {
        return refuse("the time is more than ten years after the first");
    }
    if (static_cast<double>(rows_.size()) >= moments_max) return refuse("there are too many lines");
    rows_.push_back({*time, *count});
    return std::nullopt;
}

// Numbers below a year of seconds are counted from some beginning, not from 1970.
TimePoint start_of(double seconds) {
    constexpr double year = 366 * 86'400.0;
    return seconds < year ? TimePoint{} : from_epoch_seconds(seconds).value_or(TimePoint{});
}

Result<TraceReading> CsvReader::moments() const {
    Trace trace{.start = start_of(rows_.front().time)};
    trace.moments.reserve(rows_.size());
    for (const Row& row : rows_) trace.moments.emplace_back(row.time - rows_.front().time);
    return TraceReading{std::move(trace), {}};
}

Result<TraceReading> CsvReader::bins() const {
    if (rows_.size() < 2) return refuse_line(first_line_, "one line is no trace; give two or more");
    const double bin = rows_[1].time - rows_[0].time;
    if (bin < bin_min) return refuse_line(first_line_ + 1, "two lines are of the same time");
    if ((rows_.back().time - rows_.front().time) / bin > bins_max) {
        return refuse_line(line_number_,
                           "that is too long after the first for bins of this length");
    }
    Trace trace{.start = start_of(rows_.front().time), .bin = Seconds{bin}};
    for (const Row& row : rows_) {
        const double place = (row.time - rows_.front().time) / bin;
        const auto index = static_cast<std::size_t>(std::llround(place));
        const bool between = std::abs(place - static_cast<double>(index)) > 0.01;
        if (between || index < trace.counts.size()) {
            return refuse_line(first_line_,
                               fmt::format("the times are not all {:g} s apart, as the first two "
                                           "are (see {:.0f} s after the first)",
                                           bin, row.time - rows_.front().time));
        }
        trace.counts.resize(index);
        trace.counts.push_back(row.count * (rates_ ? bin : 1.0));
    }
    const std::size_t missing = trace.counts.size() - rows_.size();
    std::string note;
    if (missing > 0) {
        note =
            fmt::format("{} left out and counted as 0", quantity(missing, "bin was", "bins were"));
    }
    return TraceReading{std::move(trace), std::move(note)};
}

Result<TraceReading> CsvReader::read(std::string_view text) {
    while (!text.empty()) {
        const std::string_view line = trim(take_until(text, '\n'), blanks);
        ++line_number_;
        if (line.empty() || line.front() == '#') continue;
        if (auto error = read_line(line)) return *std::move(error);
    }
    if (rows_.empty()) {
        return make_error(ErrorKind::invalid, "BadTrace", "there is no line of numbers in it");
    }
    return has_counts_ ? bins() : moments();
}

}  // namespace

Result<TraceReading> read_trace_csv(std::string_view text) { return CsvReader{}.read(text); }

}  // namespace fas::simulation
