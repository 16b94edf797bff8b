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
    const std::string line = json.take() + "\n";
    std::fwrite(line.data(), 1, line.size(), out_);
    std::fflush(out_);
}

}  // namespace fas
