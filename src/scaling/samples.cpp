#include "scaling/samples.h"

#include <algorithm>

namespace fas::scaling {

namespace {

constexpr double samples_per_span = 100;

}  // namespace

void bring_up_to(Samples& samples, Seconds window, TimePoint now) {
    for (Sample& sample : samples) {
        sample.first = std::min(sample.first, now);
        sample.last = std::min(sample.last, now);
    }
    std::erase_if(samples, [&](const Sample& each) { return now - each.last >= window; });
}

bool shares_last(const Samples& samples, Seconds span, TimePoint now) {
    return !samples.empty() && now - samples.back().first < span / samples_per_span;
}

void add_change(Samples& samples, Tasks tasks, Seconds shortest, Seconds window, TimePoint now) {
    bring_up_to(samples, window, now);
    if (shares_last(samples, shortest, now)) {
        samples.back().last = now;
        samples.back().tasks = samples.back().tasks + tasks;
    } else {
        samples.push_back({now, now, tasks});
    }
}

Tasks sum_within(const Samples& samples, Seconds period, TimePoint now) {
    Tasks sum;
    for (const Sample& sample : samples) {
        if (now - sample.last < period) sum = sum + sample.tasks;
    }
    return sum;
}

}  // namespace fas::scaling
