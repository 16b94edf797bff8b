// Checks on stdout, as its reader wants them: JSON lines for a program, a table for a person.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "app/fleet_table.h"
#include "app/report_table.h"
#include "base/output.h"
#include "base/time.h"
#include "engine/check_report.h"

namespace fas::app {

class CheckPrinter {
  public:
    // `fleet`: of many targets, of which a person sees a screen at the end of each sweep.
    // The output must outlive it.
    CheckPrinter(bool json, bool fleet, Output& out);

    void print(const engine::CheckReport& report);
    void end_of_sweep(TimePoint now);

    // The targets are others: those that `is_one` says, so many.
    void keep_only(const std::function<bool(const std::string&)>& is_one, std::size_t count) {
        fleet_table_.keep_only(is_one, count);
    }

  private:
    Output& out_;
    bool as_json_;
    bool fleet_;
    bool screen_used_ = false;
    ReportTable table_;
    FleetTable fleet_table_;
};

}  // namespace fas::app
