// Configuration files and Lambda events: what is accepted is within the published bounds, and what
// is not is said in lines that can be printed and hold no password.
#include "app/settings.h"
#include "app/wiring.h"
#include "base/json_writer.h"
#include "clients/aws/names.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::settings_document {

namespace {

constexpr std::string_view password = "correct-horse-battery";
constexpr std::size_t line_bytes_max = 700;

using Outcome = std::variant<app::FleetSettings, std::vector<app::Problem>>;

void require_bounds(const app::TargetSettings& settings) {
    const scaling::Rules& rules = settings.rules;
    require(Tasks{0} <= rules.min_tasks && rules.min_tasks <= rules.max_tasks, "0 <= min <= max");
    require(rules.max_tasks <= Tasks{100'000}, "the most tasks are bounded");
    require(rules.scale_out_cooldown >= Seconds{0} && rules.scale_in_cooldown >= Seconds{0},
            "no cooldown is negative");
    require(settings.threshold.scale_down_threshold <= settings.threshold.scale_up_threshold,
            "the thresholds are in order");
    require(settings.backlog.target_messages_per_task > 0, "a target is above 0");
    require(clients::is_region(settings.region), "the region is one");
    require(app::mind_of(settings).policy != nullptr, "there is a policy");
}

void require_complete(const app::TargetSettings& settings) {
    require(clients::is_queue(queue_name(settings.queues.front())), "a check has a queue");
    require(
        clients::is_cluster(settings.cluster_name) && clients::is_service(settings.service_name),
        "a check has a service");
    require(clients::is_bucket(settings.s3_config_bucket), "a check has a bucket");
}

void require_legible(const std::vector<app::Problem>& problems) {
    require(!problems.empty(), "no settings, no problem: impossible");
    for (const app::Problem& problem : problems) {
        const std::string line = describe(problem);
        require(line.size() <= line_bytes_max, "a problem is of bounded length");
        require(printable(line), "a problem can be printed");
    }
}

void require_no_password(const Outcome& outcome) {
    const auto* problems = std::get_if<std::vector<app::Problem>>(&outcome);
    if (problems == nullptr) return;
    for (const app::Problem& problem : *problems) {
        require(describe(problem).find(password) == std::string::npos,
                "a problem holds no password");
    }
}

Outcome read(const app::SettingsSources& sources, app::Purpose purpose) {
    Outcome outcome = read_settings(sources, purpose);
    if (const auto* fleet = std::get_if<app::FleetSettings>(&outcome)) {
        require(!fleet->targets.empty() || !fleet->discoveries.empty() || app::all_refused(outcome),
                "there is a target");
        for (const app::TargetSettings& settings : fleet->targets) {
            require_bounds(settings);
            if (purpose == app::Purpose::check) require_complete(settings);
        }
    } else {
        require_legible(std::get<std::vector<app::Problem>>(outcome));
    }
    return outcome;
}

app::SettingsSources sources_of(std::optional<app::Document> file,
                                std::optional<app::Document> event) {
    return {.environment = [](const char*) { return std::optional<std::string>{}; },
            .file = std::move(file),
            .event = std::move(event),
            .profile_region = {}};
}

// A URL with a password, whatever stands behind it.
std::string with_password(std::string_view rest) {
    JsonWriter json;
    json.begin_object().key("queue_config").begin_object();
    json.member("queue_url", std::string{"https://me:"}.append(password).append("@").append(rest));
    json.end_object().end_object();
    return json.take();
}

}  // namespace

void check(std::string_view input) {
    const app::Document file{.name = "file x.json", .text = std::string{input}};
    const app::Document event{.name = "event", .text = std::string{input}};
    const Outcome as_file = read(sources_of(file, {}), app::Purpose::check);
    read(sources_of({}, event), app::Purpose::check);
    read(sources_of({}, event), app::Purpose::decision);

    // A file's settings are not changed by an event that has none of ours.
    const app::Document no_config{.name = "event", .text = R"({"id": "1"})"};
    if (const auto* settings = std::get_if<app::FleetSettings>(&as_file)) {
        const Outcome both = read(sources_of(file, no_config), app::Purpose::check);
        require(std::get<app::FleetSettings>(both) == *settings,
                "an event of others changes nothing");
    }
    if (input.find(password) == std::string_view::npos) {
        const app::Document secret{.name = "file x.json", .text = with_password(input)};
        require_no_password(read(sources_of(secret, {}), app::Purpose::decision));
    }
}

}  // namespace fas::fuzz::settings_document
