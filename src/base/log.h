// Structured logs: one JSON object a line on stderr, for a person with grep as well as for a
// collector. A Logger is passed to those who log; there is no global one. One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace fas {

enum class LogLevel { debug, info, warning, error };

std::string_view to_string(LogLevel level);

using LogValue = std::variant<std::string_view, std::int64_t, double, bool>;
using LogField = std::pair<std::string_view, LogValue>;

class Logger {
  public:
    explicit Logger(LogLevel threshold, std::FILE* out = stderr)
        : threshold_(threshold), out_(out) {}

    // Lines below the threshold cost one comparison. Text is escaped; it need not be valid UTF-8.
    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

    bool enabled(LogLevel level) const { return level >= threshold_; }

  private:
    LogLevel threshold_;
    std::FILE* out_;
};

}  // namespace fas
