#include "app/check_printer.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

#include "app/report_json.h"

namespace fas::app {

namespace {

winsize terminal_size() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size = {};
    if (size.ws_col == 0) size.ws_col = 100;
    if (size.ws_row == 0) size.ws_row = 60;
    return size;
}

}  // namespace

CheckPrinter::CheckPrinter(bool json, bool fleet, Output& out)
    : out_(out),
      as_json_(json || isatty(STDOUT_FILENO) == 0),
      fleet_(fleet),
      table_(terminal_size().ws_col),
      fleet_table_(terminal_size().ws_col, terminal_size().ws_row) {}

void CheckPrinter::print(const engine::CheckReport& report) {
    if (as_json_) {
        out_.write(report_json(report) + "\n");
    } else if (fleet_) {
        fleet_table_.note(report);
    } else {
        out_.write(table_.row(report));
    }
}

// Over the last screen; only the first one clears what stood there before.
void CheckPrinter::end_of_sweep(TimePoint now) {
    if (as_json_ || !fleet_) return;
    constexpr std::string_view clear = "\x1b[2J";
    constexpr std::string_view home = "\x1b[H";
    constexpr std::string_view clear_rest = "\x1b[J";
    std::string text{screen_used_ ? "" : clear};
    text += home;
    for (const char c : fleet_table_.frame(now)) {
        if (c == '\n') text += "\x1b[K";  // what a longer line left
        text += c;
    }
    text += clear_rest;
    screen_used_ = true;
    out_.write(text);
}

}  // namespace fas::app
