// Structured logs: one JSON object a line on stderr, for a person with grep as well as for a
// collector. A Logger is passed to those who log; there is no global one. One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/output.h"

namespace fas {

enum class LogLevel { debug, info, warning, error };

std::string_view to_string(LogLevel level);

using LogValue = std::variant<std::string_view, std::int64_t, double, bool>;
using LogField = std::pair<std::string_view, LogValue>;

class Logger {
  public:
    explicit Logger(LogLevel threshold, std::FILE* out = stderr);
    // Never waits for who reads it. The output must outlive the logger.
    Logger(LogLevel threshold, Output& out);

    void set_threshold(LogLevel threshold) { threshold_ = threshold; }

    // Lines below the threshold cost one comparison. Text is escaped; it need not be valid UTF-8.
    void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

    bool enabled(LogLevel level) const { return level >= threshold_; }

  private:
    LogLevel threshold_;
    std::function<void(const std::string& line)> put_;
};

}  // namespace fas
