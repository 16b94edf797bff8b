// The settings of the program as a whole.
#include <array>

#include "settings/settings.h"
#include "settings/tables.h"

namespace fas::settings {

namespace {

constexpr double invocation_max_s = 900;  // Lambda's limit
constexpr std::int64_t checks_max = 900;  // one a second
constexpr double interval_max_s = 3600;

constexpr std::array metrics_names{Name{"emf", Metrics::emf}, Name{"none", Metrics::none}};
constexpr std::array log_levels{Name{"DEBUG", LogLevel::debug},  Name{"INFO", LogLevel::info},
                                Name{"WARN", LogLevel::warning}, Name{"WARNING", LogLevel::warning},
                                Name{"ERROR", LogLevel::error},  Name{"CRITICAL", LogLevel::error}};

constexpr std::array process_rows{
    Row{"sso_profile",
        Text{{"A-Za-z0-9._/+@ -", 1, 128},
             "the name of a profile (letters, digits and . _ / + @ - and spaces, at most 128)"},
        field<&ProcessSettings::sso_profile>,
        "A profile of the shared AWS files, for local runs; it wins over keys in the "
        "environment. In the environment, AWS_PROFILE does without that.",
        Need::absent, Example{"dev"}},
    Row{"checks_per_invocation", Integer{1, checks_max},
        field<&ProcessSettings::checks_per_invocation>,
        "Lambda: how many checks one invocation makes; fewer when its time runs out.",
        Page{"deploy.md"}},
    Row{"check_interval", Number{1, invocation_max_s}, field<&ProcessSettings::check_interval>,
        "Lambda: seconds from the start of one check to that of the next in the same "
        "invocation.",
        Page{"deploy.md"}},
    Row{"metrics", Choice{metrics_names}, field<&ProcessSettings::metrics>,
        "Lambda: print each check's figures in CloudWatch's embedded metric format (emf), or "
        "not (none)."},
    Row{"discover_interval", Number{5, interval_max_s}, field<&ProcessSettings::discover_interval>,
        "Seconds from one look for services to the next, where there is `discover`.",
        Page{"fleet.md#finding-targets-by-tags"}},
    Row{"config_interval", Number{1, interval_max_s}, field<&ProcessSettings::config_interval>,
        "Daemon: seconds from one look for changes of the configuration to the next.",
        Page{"fleet.md#the-document"}},
    Row{"log_level", Choice{.names = log_levels, .any_case = true},
        field<&ProcessSettings::log_level>,
        "The least important lines to log; in any case of letters."},
};

}  // namespace

constexpr Table process_table = table_of<ProcessSettings>(process_rows);

}  // namespace fas::settings
