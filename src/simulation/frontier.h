// What a setting is worth: cost against wait at each of its values (`--sweep KEY=a,b,c`). Who is
// nearer to the corner of no cost and no wait is better; at the same cost, who is lower.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace fas::simulation {

struct FrontierPoint {
    std::string value;  // of what was swept
    double cost = 0;    // US dollars
    Seconds wait_p99{0};
};

// Of one contestant; one point where what was swept is none of its settings.
struct FrontierLine {
    std::string name;
    std::vector<FrontierPoint> points;  // in the order of the values
};

struct Frontier {
    std::string key;  // what was swept
    std::vector<FrontierLine> lines;
};

// A row a point, for a terminal.
std::string frontier_table(const Frontier& frontier);

// {"sweep": "max_tasks", "lines": [{"name": ..., "points": [{"value": "10", "cost_dollars": 4.1,
//  "wait_p99_seconds": 12}, ...]}, ...]}
std::string frontier_json(const Frontier& frontier);

// A section of HTML: the chart and the table. To stand in comparison_page(), or by itself:
std::string frontier_section(const Frontier& frontier);
std::string frontier_page(const Frontier& frontier);

}  // namespace fas::simulation
