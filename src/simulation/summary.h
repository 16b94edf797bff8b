// What came of a simulation, in the figures that people compare.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "simulation/simulation.h"

namespace fas::simulation {

struct Prices {
    double task_hour = 0.04937;  // US dollars; Fargate in us-east-1, 1 vCPU and 2 GB:
                                 // https://aws.amazon.com/fargate/pricing/
    Seconds wait_limit{60};      // what is longer counts as over it
};

struct Summary {
    std::uint64_t messages = 0;  // that came
    Seconds wait_mean{0};
    Seconds wait_p50{0};
    Seconds wait_p95{0};
    Seconds wait_p99{0};
    Seconds wait_max{0};
    double over_limit = 0;  // share of the messages that waited longer, 0 to 1
    double task_hours = 0;  // billed
    double cost = 0;        // US dollars
    double cost_ratio = 0;  // task-hours for each hour of work done; 0 where none was done
    double killed = 0;      // share of the messages that lost their task to a scale-in
    std::size_t changes = 0;
    double changes_a_day = 0;
};

Summary summarise(const Outcome& outcome, const Prices& prices);

// One of those that are compared.
struct Contestant {
    std::string name;
    std::string follows;  // the page that describes it; empty: the program itself
    std::string note;     // what is not documented, or not comparable; for a person
    bool judged = true;   // false: shown beside the others
    Outcome outcome;
    Summary summary;
};

// All of them, on the same messages. The program itself is the first.
struct Comparison {
    World world;
    Prices prices;
    std::vector<std::string> notes;  // on the trace and what was assumed, for a person
    std::vector<Contestant> contestants;

    const Contestant* oracle() const;  // nothing where it was left out
};

}  // namespace fas::simulation
