#include "app/simulate/trace_source.h"

#include <fmt/format.h>

#include <utility>

#include "app/simulate/check_lines.h"
#include "app/simulate/cloudwatch_trace.h"
#include "base/read_file.h"
#include "simulation/generator.h"
#include "simulation/trace_csv.h"

namespace fas::app {

namespace {

constexpr std::size_t file_bytes_max = std::size_t{1} << 30U;

Error about_the_file(const std::string& file, const std::string& what) {
    return make_error(ErrorKind::invalid, "BadTrace",
                      fmt::format("cannot use the trace {}: {}", file, what));
}

Result<FoundTrace> read_trace_file(const std::string& file,
                                   std::optional<Seconds> processing_time) {
    const auto text = read_file(file, file_bytes_max);
    if (!text) return about_the_file(file, text.error().message());
    if (are_check_lines(*text)) {
        auto found = read_check_lines(*text, processing_time);
        if (!found) return about_the_file(file, found.error().message);
        return found;
    }
    auto reading = simulation::read_trace_csv(*text);
    if (!reading) return about_the_file(file, reading.error().message);
    FoundTrace found{.trace = std::move(reading->trace), .processing_time = {}, .notes = {}};
    if (!reading->note.empty()) found.notes.push_back(std::move(reading->note));
    return found;
}

Result<FoundTrace> generate(const SimulateOptions& options) {
    const auto parameters = simulation::parse_generator(options.generator);
    if (!parameters) return parameters.error();
    return FoundTrace{.trace = simulation::generate(*parameters, options.seed),
                      .processing_time = {},
                      .notes = {}};
}

}  // namespace

Result<FoundTrace> find_trace(const SimulateOptions& options, const TargetSettings& settings,
                              const std::string& profile, Plumbing& plumbing) {
    const auto given =
        options.processing_time ? options.processing_time : settings.mean_processing_time;
    auto found = options.cloudwatch
                     ? read_cloudwatch_trace(settings, *options.cloudwatch, profile, plumbing)
                 : options.generator.empty() ? read_trace_file(options.trace_file, given)
                                             : generate(options);
    if (found && given) found->processing_time = given;
    return found;
}

}  // namespace fas::app
