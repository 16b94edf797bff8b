#include "scaling/combine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fas::scaling {

namespace {

constexpr double messages_max = 1e15;  // far beyond any queue, and its sums are exact

// Rounded up, but for what a weight has no exact binary form for: 10 x 0.1 is one message.
Messages weighted(Messages messages, double weight) {
    const double product = static_cast<double>(messages.value) * weight;
    const double whole = std::round(product);
    const bool nearly_whole = std::abs(product - whole) <= 1e-9 * std::max(1.0, product);
    const double rounded = nearly_whole ? whole : std::ceil(product);
    return {static_cast<std::int64_t>(std::clamp(rounded, 0.0, messages_max))};
}

Messages together(Messages one, Messages other, Combine how) {
    return how == Combine::max ? std::max(one, other) : one + other;
}

void add_rate(std::optional<double>& whole, std::optional<double> rate, double weight, bool first,
              Combine how) {
    if (rate) *rate *= weight;
    if (first) {
        whole = rate;
    } else if (!whole || !rate) {
        whole.reset();
    } else {
        whole = how == Combine::max ? std::max(*whole, *rate) : *whole + *rate;
    }
}

void append(std::string& list, const std::string& name, const std::string& what) {
    if (!list.empty()) list += "; ";
    list += name.empty() ? what : fmt::format("{}: {}", name, what);
}

std::string why_unknown(const QueuePart& part) {
    if (!part.why.empty()) return part.why;
    if (part.depth && !part.depth->missing.empty()) return part.depth->missing;
    return "its depth is unknown";
}

void add_counts(QueueDepth& whole, const QueuePart& part, bool first, Combine how) {
    const QueueDepth& depth = *part.depth;
    const Messages visible = weighted(*depth.visible, part.weight);
    whole.visible = first ? visible : together(*whole.visible, visible, how);
    whole.stuck = together(whole.stuck, weighted(depth.stuck, part.weight), how);
    if (!depth.in_flight) {
        whole.in_flight.reset();
    } else if (first) {
        whole.in_flight = weighted(*depth.in_flight, part.weight);
    } else if (whole.in_flight) {
        whole.in_flight = together(*whole.in_flight, weighted(*depth.in_flight, part.weight), how);
    }
}

void add(QueueDepth& whole, const QueuePart& part, Combine how) {
    const QueueDepth& depth = *part.depth;
    const bool first = !whole.visible;
    add_rate(whole.publish_rate, depth.publish_rate, part.weight, first, how);
    add_rate(whole.delivery_rate, depth.delivery_rate, part.weight, first, how);
    add_counts(whole, part, first, how);
    if (depth.oldest_age) {
        whole.oldest_age = std::max(whole.oldest_age.value_or(Seconds{0}), *depth.oldest_age);
    }
    if (depth.measured_at) {
        whole.measured_at =
            std::min(whole.measured_at.value_or(*depth.measured_at), *depth.measured_at);
    }
    if (!depth.estimated_from.empty())
        append(whole.estimated_from, part.name, depth.estimated_from);
    if (!depth.missing.empty()) append(whole.missing, part.name, depth.missing);
}

}  // namespace

QueueDepth combine(std::span<const QueuePart> parts, Combine how) {
    QueueDepth whole;
    for (const QueuePart& part : parts) {
        if (part.known()) {
            add(whole, part, how);
        } else {
            append(whole.missing, part.name, why_unknown(part));
        }
    }
    return whole;
}

QueueDepth fresh_enough(QueueDepth depth, std::optional<Seconds> age_max, TimePoint now) {
    if (!age_max || !depth.visible || !depth.measured_at) return depth;
    const Seconds age = now - *depth.measured_at;
    std::string why;
    if (age > *age_max) {
        why = fmt::format("it was measured {:.0f} s ago, and at most {:g} s are accepted",
                          std::ceil(age.count()), age_max->count());
    } else if (-age > clock_difference_max) {
        why = fmt::format("it was measured at {}, which is in the future; check the clocks",
                          to_iso8601(*depth.measured_at));
    } else {
        return depth;
    }
    return {.measured_at = depth.measured_at, .missing = std::move(why)};
}

}  // namespace fas::scaling
