#include "simulation/trace.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fas::simulation {

namespace {

constexpr Seconds peak_window{300};

}  // namespace

Seconds Trace::length() const {
    if (!moments.empty()) return moments.back();
    return bin * static_cast<double>(counts.size());
}

double Trace::messages() const {
    if (!moments.empty()) return static_cast<double>(moments.size());
    return std::accumulate(counts.begin(), counts.end(), 0.0);
}

double Trace::peak_rate() const {
    std::vector<double> windows;
    const auto add = [&windows](Seconds at, double count) {
        const auto index = static_cast<std::size_t>(at / peak_window);
        if (windows.size() <= index) windows.resize(index + 1);
        windows[index] += count;
    };
    if (bin >= peak_window && moments.empty()) {
        const auto fullest = std::ranges::max_element(counts);
        return fullest == counts.end() ? 0 : *fullest / bin.count();
    }
    for (const Seconds at : moments) add(at, 1);
    for (std::size_t i = 0; moments.empty() && i < counts.size(); ++i) {
        add(bin * static_cast<double>(i), counts[i]);
    }
    const auto fullest = std::ranges::max_element(windows);
    return fullest == windows.end() ? 0 : *fullest / peak_window.count();
}

}  // namespace fas::simulation
