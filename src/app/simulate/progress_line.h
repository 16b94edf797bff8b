// How far long work is, on stderr for a person who waits at a terminal; anywhere else, nothing.
#pragma once

#include <chrono>
#include <string>

#include "simulation/simulation.h"

namespace fas::app {

class ProgressLine {
  public:
    ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ~ProgressLine();  // takes the line away

    // For work that is called so. The line must outlive what it gives.
    simulation::Progress of(std::string name);

  private:
    void show(const std::string& name, double share);

    bool is_terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point next_;  // not before a second has passed
};

}  // namespace fas::app
