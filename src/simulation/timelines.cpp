#include "simulation/timelines.h"

#include <algorithm>
#include <cmath>

namespace fas::simulation {

Seconds arrivals_stretch(const Trace& trace) {
    const Seconds fair = trace.length() / static_cast<double>(timeline_points);
    if (!trace.moments.empty() || trace.bin <= Seconds{0}) return fair;
    return trace.bin * std::max(1.0, std::ceil(fair / trace.bin - 1e-9));
}

std::vector<Point> arrival_rates(const Trace& trace) {
    const double stretch = arrivals_stretch(trace).count();
    if (trace.length() <= Seconds{0}) return {};
    std::vector<Point> points{{0, 0}};
    const auto add = [&](double at, double count) {
        const auto index = static_cast<std::size_t>(at / stretch);
        while (points.size() <= index) {
            points.push_back({stretch * static_cast<double>(points.size()), 0});
        }
        points[index].up += count / stretch;
    };
    for (const Seconds at : trace.moments) add(at.count(), 1);
    for (std::size_t i = 0; trace.moments.empty() && i < trace.counts.size(); ++i) {
        add(trace.bin.count() * (static_cast<double>(i) + 0.5), trace.counts[i]);
    }
    points.push_back({trace.length().count(), points.back().up});
    return points;
}

std::vector<Point> points_of(const Outcome& outcome, std::size_t most, const Value& value) {
    const std::vector<Stretch>& timeline = outcome.timeline;
    const std::size_t together = (timeline.size() + most - 1) / most;
    std::vector<Point> points;
    for (std::size_t i = 0; i < timeline.size(); ++i) {
        const double at = outcome.stretch.count() * static_cast<double>(i);
        if (i % together == 0) {
            points.push_back({at, value(timeline[i])});
        } else {
            points.back().up = std::max(points.back().up, value(timeline[i]));
        }
    }
    return points;
}

std::vector<Point> most_desired(const Outcome& outcome) {
    Outcome most{.timeline = outcome.timeline, .stretch = outcome.stretch};
    for (const Change& change : outcome.changes) {
        const auto index = static_cast<std::size_t>(change.at / outcome.stretch);
        if (index >= most.timeline.size()) break;
        Tasks& desired = most.timeline[index].desired;
        desired = std::max({desired, change.from, change.to});
    }
    return points_of(most, timeline_points + 1, [](const Stretch& stretch) {
        return static_cast<double>(stretch.desired.value);
    });
}

}  // namespace fas::simulation
