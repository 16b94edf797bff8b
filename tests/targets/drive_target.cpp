// usage: drive_target TYPE KEY=VALUE... -- read | protected | COUNT
//
// Makes a target of a kind with the options given, as the program would, and asks it one thing:
// its state, how many are protected, or to have COUNT. Prints how that ended as a JSON line. For
// targets_contract_test.py; AWS and the credentials are the environment's.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "adapters/targets/kinds.h"
#include "base/json_writer.h"
#include "clients/aws/credentials/default_chain.h"
#include "clients/aws/credentials/refreshing.h"

namespace {

using namespace fas;

constexpr const char* region = "eu-west-1";

const adapters::TargetKind* type_named(std::string_view name) {
    for (const adapters::TargetKind* type : adapters::target_kinds) {
        if (type->name == name) return type;
    }
    return nullptr;
}

// False: it is none of the table's, or no value that its option takes.
bool set(Options& options, std::string_view argument) {
    const std::size_t equals = argument.find('=');
    const std::string_view key = argument.substr(0, equals);
    const Row* row = options.kind().table.find(key);
    if (row == nullptr || equals == std::string_view::npos) return false;
    const std::string_view value = argument.substr(equals + 1);
    if (std::holds_alternative<Flag>(row->type)) {
        options.set(key, value == "true");
        return true;
    }
    if (const auto* choice = std::get_if<Choice>(&row->type)) {
        const auto name = std::ranges::find(choice->names, value, &Name::text);
        if (name == choice->names.end()) return false;
        options.set(key, *name->value);
        return true;
    }
    if (!std::get<Text>(row->type).grammar.accepts(value)) return false;
    options.set(key, value);
    return true;
}

void write(JsonWriter& json, const scaling::ServiceState& state) {
    json.member("desired", state.desired.value);
    json.member("running", state.running.value);
    json.member("pending", state.pending.value);
    if (state.deployment_in_progress) {
        json.member("deployment_in_progress", *state.deployment_in_progress);
    }
    if (state.own_min) json.member("own_min", state.own_min->value);
    if (state.own_max) json.member("own_max", state.own_max->value);
    const scaling::Controls& controls = state.controls;
    if (controls.pause) json.member("pause", scaling::to_string(*controls.pause));
    if (controls.hold_at) json.member("hold_at", controls.hold_at->value);
    json.member("suspended", scaling::to_string(controls.suspended));
    json.member("suspended_by", std::string_view{controls.suspended_by});
}

void write(JsonWriter& json, const Error& error) {
    json.member("error", to_string(error.kind));
    json.member("code", std::string_view{error.code});
    json.member("message", std::string_view{error.message});
}

std::string ask(engine::ScaleTarget& target, reactor::Reactor& reactor, std::string_view what) {
    const auto scope = reactor::Scope{}.within(std::chrono::seconds{60});
    JsonWriter json;
    json.begin_object();
    if (what == "read") {
        const auto state = reactor.run(target.read(scope));
        state ? write(json, *state) : write(json, state.error());
    } else if (what == "protected") {
        const auto count = reactor.run(target.protected_tasks(scope));
        count ? (void)json.member("protected", count->value) : write(json, count.error());
    } else {
        const auto done = reactor.run(target.set_desired(Tasks{std::atoll(what.data())}, scope));
        done ? (void)json.member("request_id", std::string_view{*done}) : write(json, done.error());
    }
    json.end_object();
    return json.take();
}

int run(const adapters::TargetKind& type, const adapters::TargetDescription& description,
        const char* what) {
    const Environment environment = process_environment();
    const auto settings = clients::AwsSettings::make(environment, clients::SharedConfig{});
    if (!settings) return 2;
    reactor::Reactor reactor;
    reactor::HttpClient http{reactor, reactor::HttpClientOptions{}};
    const SystemClock clock;
    Logger log{LogLevel::error};
    clients::RefreshingCredentials keys{
        clients::default_chain({reactor, http, clock, log, *settings, region}), reactor, clock,
        log};
    clients::AwsAccount account{{reactor, http, keys, clock, log, *settings, region}};
    const auto target = type.make(description, account);
    fmt::print("{}\n", ask(*target, reactor, what));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const adapters::TargetKind* type = argc > 3 ? type_named(argv[1]) : nullptr;
    if (type == nullptr) return 2;
    adapters::TargetDescription description{
        .cluster = {}, .service = {}, .options = Options{*type}};
    for (int i = 2; i < argc - 2; ++i) {
        const std::string_view argument = argv[i];
        if (argument.starts_with("cluster=")) {
            description.cluster = argument.substr(8);
        } else if (argument.starts_with("service=")) {
            description.service = argument.substr(8);
        } else if (!set(description.options, argument)) {
            std::fprintf(stderr, "drive_target: %s is not accepted\n", argv[i]);
            return 2;
        }
    }
    return run(*type, description, argv[argc - 1]);
}
