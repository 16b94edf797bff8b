#include "base/log.h"

#include <chrono>

#include "base/json_writer.h"
#include "base/time.h"

namespace fas {

std::string_view to_string(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
    }
    return "error";
}

Logger::Logger(LogLevel threshold, std::FILE* out)
    : threshold_(threshold), put_([out](const std::string& line) {
          std::fwrite(line.data(), 1, line.size(), out);
          std::fflush(out);
      }) {}

Logger::Logger(LogLevel threshold, Output& out)
    : threshold_(threshold), put_([&out](const std::string& line) { out.write(line); }) {}

void Logger::write(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields) {
    if (!enabled(level)) return;
    const auto now =
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    JsonWriter json;
    json.begin_object();
    json.member("time", std::string_view{to_iso8601(now)});
    json.member("level", to_string(level));
    json.member("message", message);
    for (const auto& [name, field] : fields) {
        json.key(name);
        std::visit([&json](const auto& plain) { json.value(plain); }, field);
    }
    json.end_object();
    put_(json.take() + "\n");
}

}  // namespace fas
