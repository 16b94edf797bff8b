#include "simulation/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/control_characters.h"
#include "base/duration.h"
#include "base/nearest_name.h"
#include "base/parse_number.h"
#include "base/take.h"
#include "simulation/figures.h"
#include "simulation/random.h"

namespace fas::simulation {

namespace {

using Parameters = GeneratorParameters;

constexpr double messages_max = 100e6;
constexpr Seconds length_max{100 * 86400};
constexpr Seconds generated_bin{1};

// A parameter, and the shapes that know it; none: all do.
struct Key {
    std::string_view name;
    std::variant<double Parameters::*, Seconds Parameters::*> member;
    std::vector<Shape> shapes;

    bool is_known_to(Shape shape) const {
        return shapes.empty() || std::ranges::find(shapes, shape) != shapes.end();
    }
};

const std::vector<Key>& keys() {
    static const std::vector<Key> all{
        {"length", &Parameters::length, {}},
        {"rate", &Parameters::rate, {}},
        {"peak", &Parameters::peak, {Shape::step, Shape::ramp, Shape::daily, Shape::bursts}},
        {"at", &Parameters::at, {Shape::step}},
        {"every", &Parameters::every, {Shape::bursts, Shape::batches}},
        {"lasts", &Parameters::lasts, {Shape::bursts}},
        {"size", &Parameters::size, {Shape::batches}}};
    return all;
}

std::vector<std::string_view> keys_of(Shape shape) {
    std::vector<std::string_view> names;
    for (const Key& key : keys()) {
        if (key.is_known_to(shape)) names.push_back(key.name);
    }
    return names;
}

Error bad_spec(std::string_view spec, std::string_view why) {
    return make_error(ErrorKind::invalid, "BadTrace",
                      fmt::format("the trace \"{}\" cannot be made: {}", escaped(spec), why));
}

// "ramp has no parameter "pek"; did you mean peak? It has length, rate, peak"
std::string unknown(std::string_view none, std::string_view given, std::string_view all,
                    std::span<const std::string_view> names) {
    const auto near = nearest_name(given, names);
    return fmt::format("{} \"{}\"{} {} {}", none, escaped(given),
                       near ? fmt::format("; did you mean {}?", *near) : ".", all,
                       fmt::join(names, ", "));
}

std::optional<std::string> read_shape(std::string_view name, Parameters& parameters) {
    std::vector<std::string_view> names;
    for (const Name& one : shape_names) {
        names.push_back(one.text);
        if (one.text != name) continue;
        parameters.shape = static_cast<Shape>(*one.value);
        if (parameters.shape == Shape::batches) parameters.rate = 0;
        return std::nullopt;
    }
    return unknown("there is no shape", name, "There are", names);
}

std::optional<std::string> read_value(const Key& key, std::string_view value,
                                      Parameters& parameters) {
    if (const auto* duration = std::get_if<Seconds Parameters::*>(&key.member)) {
        const auto read = parse_duration(value);
        if (!read) {
            return fmt::format(
                "{} must be a duration above 0, such as 90s, 5m, 1h or 7d, not \"{}\"", key.name,
                escaped(value));
        }
        parameters.*(*duration) = *read;
        return std::nullopt;
    }
    const auto read = parse_number<double>(value);
    if (!read || !(*read >= 0 && *read <= messages_max)) {
        return fmt::format("{} must be a number from 0 to 100 million, not \"{}\"", key.name,
                           escaped(value));
    }
    parameters.*std::get<double Parameters::*>(key.member) = *read;
    return std::nullopt;
}

std::optional<std::string> read_parameter(std::string_view text, Parameters& parameters) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
        return fmt::format("\"{}\" must be a parameter and its value, such as rate=10",
                           escaped(text));
    }
    const std::string_view name = text.substr(0, equals);
    const auto key = std::ranges::find(keys(), name, &Key::name);
    if (key == keys().end() || !key->is_known_to(parameters.shape)) {
        const std::string none =
            fmt::format("{} has no parameter", name_of(parameters.shape, shape_names));
        return unknown(none, name, "It has", keys_of(parameters.shape));
    }
    return read_value(*key, text.substr(equals + 1), parameters);
}

// Messages a second, at a moment outside of bursts and batches.
double rate_at(const Parameters& parameters, Seconds moment) {
    const auto between = [&](double share) {
        return parameters.rate + (parameters.peak - parameters.rate) * share;
    };
    switch (parameters.shape) {
        case Shape::step: return moment >= parameters.at ? parameters.peak : parameters.rate;
        case Shape::ramp: return between(moment / parameters.length);
        case Shape::daily:
            return between(0.5 - 0.5 * std::cos(2 * std::numbers::pi * (moment / Seconds{86400})));
        default: return parameters.rate;
    }
}

// How many there are on average over all seeds, or a little more.
double expected_messages(const Parameters& parameters) {
    const double length = parameters.length.count();
    const double rate = parameters.rate;
    const double peak = parameters.peak;
    switch (parameters.shape) {
        case Shape::constant:
        case Shape::poisson: return length * rate;
        case Shape::step:
        case Shape::ramp:
        case Shape::daily: return length * std::max(rate, peak);
        case Shape::bursts: {
            const double share = parameters.lasts / (parameters.every + parameters.lasts);
            return length * std::max(rate, rate + (peak - rate) * share);
        }
        case Shape::batches:
            return length * rate + length / parameters.every.count() * parameters.size;
    }
    return 0;
}

std::optional<std::string> too_much(const Parameters& parameters) {
    if (parameters.length > length_max) {
        return fmt::format("its length is at most {}, not {}", duration_text(length_max),
                           duration_text(parameters.length));
    }
    if (const double expected = expected_messages(parameters); expected > messages_max) {
        return fmt::format("it could have {} messages, and at most {} are simulated",
                           count_text(expected), count_text(messages_max));
    }
    return std::nullopt;
}

// How many come within a bin, where so many are expected: the gaps between them are exponential.
double poisson(double expected, Random& random) {
    double count = 0;
    for (double passed = random.gamma(1); passed < expected; passed += random.gamma(1)) ++count;
    return count;
}

// Whether a moment is within a burst; asked of moments in order.
class Bursts {
  public:
    Bursts(const Parameters& parameters, Random& random)
        : parameters_(parameters), random_(random), begins_(gap()) {}

    bool at(Seconds moment) {
        while (moment >= begins_ + parameters_.lasts) begins_ += parameters_.lasts + gap();
        return moment >= begins_;
    }

  private:
    Seconds gap() { return parameters_.every * random_.gamma(1); }

    const Parameters& parameters_;
    Random& random_;
    Seconds begins_;
};

Trace evenly(const Parameters& parameters) {
    const Seconds bin = std::min(Seconds{60}, parameters.length);
    const auto bins = static_cast<std::size_t>(std::ceil(parameters.length / bin));
    return {.bin = bin,
            .counts = std::vector(bins, parameters.rate * bin.count()),
            .spread = Spread::even};
}

void add_batches(const Parameters& parameters, std::vector<double>& counts) {
    for (Seconds at = parameters.every; at < parameters.length; at += parameters.every) {
        counts[static_cast<std::size_t>(at / generated_bin)] += parameters.size;
    }
}

}  // namespace

Result<GeneratorParameters> parse_generator(std::string_view spec) {
    Parameters parameters;
    std::string_view rest = spec;
    if (auto problem = read_shape(take_until(rest, ':'), parameters)) {
        return bad_spec(spec, *problem);
    }
    while (!rest.empty()) {
        if (auto problem = read_parameter(take_until(rest, ','), parameters)) {
            return bad_spec(spec, *problem);
        }
    }
    if (auto problem = too_much(parameters)) return bad_spec(spec, *problem);
    return parameters;
}

Trace generate(const GeneratorParameters& parameters, std::uint64_t seed) {
    if (parameters.shape == Shape::constant) return evenly(parameters);
    Random random{seed, Stream::generator};
    Random burst_random{seed + 1, Stream::generator};
    Bursts bursts{parameters, burst_random};
    Trace trace{.bin = generated_bin};
    const auto bins = static_cast<std::size_t>(std::ceil(parameters.length / generated_bin));
    trace.counts.reserve(bins);
    for (std::size_t i = 0; i < bins; ++i) {
        const Seconds middle = generated_bin * (static_cast<double>(i) + 0.5);
        const bool in_burst = parameters.shape == Shape::bursts && bursts.at(middle);
        const double rate = in_burst ? parameters.peak : rate_at(parameters, middle);
        trace.counts.push_back(poisson(rate * generated_bin.count(), random));
    }
    if (parameters.shape == Shape::batches) add_batches(parameters, trace.counts);
    return trace;
}

}  // namespace fas::simulation
