#include "app/simulate/check_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/control_characters.h"
#include "base/excerpt.h"
#include "base/quantity.h"
#include "base/take.h"
#include "base/trim.h"
#include "json/reader.h"

namespace fas::app {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr json::Limits check_line_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 16};
constexpr double messages_max = 3e7;

Error wrong_line(std::size_t line, std::string_view what) {
    return make_error(ErrorKind::invalid, "BadTrace", fmt::format("line {}: {}", line, what));
}

std::optional<double> number_at(const json::Value& line, std::string_view name) {
    const auto member = line.find(name);
    return member ? member->as_double() : std::nullopt;
}

struct Reading {
    TimePoint time;
    double visible = 0;
    std::optional<double> in_flight;
    std::optional<double> publish_rate;

    double backlog() const { return visible + in_flight.value_or(0); }
};

class CheckLines {
  public:
    explicit CheckLines(std::optional<Seconds> processing_time)
        : processing_time_(processing_time) {}

    std::optional<Error> add(std::string_view text, std::size_t line);
    Result<FoundTrace> trace() &&;

  private:
    std::optional<Error> add(const Reading& reading, std::size_t line);
    std::optional<double> arrivals_since(const Reading& before, const Reading& now) const;

    std::optional<Seconds> processing_time_;
    std::string target_;
    std::optional<Reading> first_;
    std::optional<Reading> last_;
    std::size_t unread_ = 0;  // lines without a count
    double carried_ = 0;      // of a message
    std::vector<Seconds> moments_;
};

std::optional<Error> CheckLines::add(std::string_view text, std::size_t line) {
    const auto document = json::parse(text, check_line_limits);
    if (!document) return wrong_line(line, document.error().message);
    const json::Value root = document->root();
    const auto time = parse_iso8601(root.text_at("time"));
    if (!time) return wrong_line(line, "it has no time; give the lines that run --json printed");
    const std::string_view target = root.text_at("target");
    if (target_.empty()) target_ = target;
    if (target != target_) {
        return wrong_line(
            line, fmt::format("it is of {}, and those before of {}; give the lines of "
                              "one target",
                              escaped(excerpt(target, 100)), escaped(excerpt(target_, 100))));
    }
    const auto visible = number_at(root, "visible");
    if (!visible || *visible < 0) {
        ++unread_;
        return std::nullopt;
    }
    return add({*time, *visible, number_at(root, "in_flight"), number_at(root, "publish_rate")},
               line);
}

std::optional<double> CheckLines::arrivals_since(const Reading& before, const Reading& now) const {
    const double passed = Seconds{now.time - before.time}.count();
    if (now.publish_rate) return *now.publish_rate * passed;
    double finished = 0;
    if (now.in_flight || before.in_flight) {
        if (!processing_time_) return std::nullopt;
        const double in_hand = (now.in_flight.value_or(0) + before.in_flight.value_or(0)) / 2;
        finished = in_hand * passed / processing_time_->count();
    }
    return std::max(0.0, now.backlog() - before.backlog() + finished);
}

// What came between two lines is spread evenly.
std::optional<Error> CheckLines::add(const Reading& reading, std::size_t line) {
    if (!first_) {
        first_ = last_ = reading;
        return std::nullopt;
    }
    if (reading.time < last_->time) return wrong_line(line, "it is of before the line above");
    const Reading before = *std::exchange(last_, reading);
    const auto arrivals = arrivals_since(before, reading);
    if (!arrivals) {
        return wrong_line(line,
                          "what came in follows from these counts where the mean time of a "
                          "message is known: give --processing-time");
    }
    carried_ += *arrivals;
    const double whole = std::floor(carried_ + 1e-9);
    carried_ -= whole;
    if (static_cast<double>(moments_.size()) + whole > messages_max) {
        return wrong_line(line, "there are too many messages");
    }
    const Seconds begin = before.time - first_->time;
    const Seconds passed = reading.time - before.time;
    for (double i = 0; i < whole; ++i) moments_.push_back(begin + passed * ((i + 0.5) / whole));
    return std::nullopt;
}

Result<FoundTrace> CheckLines::trace() && {
    if (moments_.empty()) {
        return make_error(ErrorKind::invalid, "BadTrace", "by these lines, no message came");
    }
    FoundTrace found;
    found.trace.start = first_->time;
    found.trace.moments = std::move(moments_);
    if (!last_->publish_rate) {
        found.notes.push_back(
            processing_time_ ? fmt::format("what came in was computed from the backlog and {:g} s "
                                           "a message",
                                           processing_time_->count())
                             : "what came in was computed from the messages that wait alone, and "
                               "is too low by what was taken meanwhile");
    }
    if (unread_ > 0) {
        found.notes.push_back(fmt::format("{} without a count of the queue were passed over",
                                          quantity(unread_, "line", "lines")));
    }
    return found;
}

}  // namespace

bool are_check_lines(std::string_view text) { return trim(text, " \t\r\n").starts_with('{'); }

Result<FoundTrace> read_check_lines(std::string_view text, std::optional<Seconds> processing_time) {
    CheckLines lines{processing_time};
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = trim(take_until(text, '\n'), blanks);
        if (line.empty()) continue;
        if (auto error = lines.add(line, number)) return *std::move(error);
    }
    return std::move(lines).trace();
}

}  // namespace fas::app
