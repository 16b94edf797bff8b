// usage: drive_store KIND [OPTION=VALUE...]
//
// Makes state stores of a kind, and does with them what stdin asks for, one JSON object a line, at
// whatever endpoint the environment names: what the tests beside it hold every kind to. `bucket` is
// an option here, "store" one of the stores of this process, which are all of one target:
//   {"do": "read", "store": "a", "action": "scale_in"}
//   {"do": "record", "store": "a", "action": "scale_out", "at": 1.5e9, "backlog": 3, "desired": 2}
//   {"do": "race", "store": "a", "action": "scale_out", "other": "b", "other_action": "scale_in"}
//   {"do": "claim_for_ever", "store": "a"}
//   {"do": "read_text", "store": "a", "name": "memory.json"}
//   {"do": "write_text", "store": "a", "name": "memory.json", "text": "{}", "version": "v1"}
// Each is answered with a line: what was read, or how the record or the two records went.
// claim_for_ever reads and records in turn, and answers each time. The last two ask the store below
// the claim protocol; without a version, nothing is expected to be there.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>

#include "adapters/stores/action_state.h"
#include "adapters/stores/kinds.h"
#include "base/json_writer.h"
#include "json/reader.h"
#include "reactor/when_all.h"

namespace {

using namespace fas;
using namespace fas::adapters;

class FixedKeys final : public clients::CredentialsProvider {
  public:
    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope) override {
        co_return sigv4::Credentials{"AKIDEXAMPLE", Secret{"secret"}, Secret{""}};
    }
    void refused(const sigv4::Credentials&) override {}
};

std::string text(const json::Value& asked, std::string_view name) {
    const auto member = asked.find(name);
    return std::string{member ? member->as_string().value_or("") : ""};
}

scaling::Action action(const json::Value& asked, std::string_view name = "action") {
    return text(asked, name) == "scale_in" ? scaling::Action::scale_in : scaling::Action::scale_out;
}

scaling::ScalingAction what(const json::Value& asked) {
    scaling::ScalingAction action;
    const auto at = asked.find("at");
    action.at = from_epoch_seconds(at ? at->as_double().value_or(0) : 0).value_or(TimePoint{});
    if (const auto count = asked.find("backlog")) action.backlog = Messages{*count->as_int()};
    if (const auto count = asked.find("desired")) action.desired = Tasks{*count->as_int()};
    return action;
}

void write_last(JsonWriter& json, std::string_view name, const scaling::LastAction& last) {
    json.key(name);
    if (std::holds_alternative<scaling::Never>(last)) {
        json.value("never");
    } else if (const auto* unknown = std::get_if<scaling::Unknown>(&last)) {
        json.begin_object().member("unknown", std::string_view{unknown->why}).end_object();
    } else {
        const auto& action = std::get<scaling::ScalingAction>(last);
        json.begin_object().member("at", to_epoch_seconds(action.at));
        if (action.backlog) json.member("backlog", action.backlog->value);
        if (action.desired) json.member("desired", action.desired->value);
        json.end_object();
    }
}

void write_error(JsonWriter& json, const Error& error) {
    json.begin_object();
    json.member("kind", to_string(error.kind)).member("code", std::string_view{error.code});
    json.member("service", std::string_view{error.service});
    json.member("message", std::string_view{error.message}).end_object();
}

void write_present(JsonWriter& json, const Versioned& present) {
    json.begin_object();
    if (present.version) json.member("version", std::string_view{*present.version});
    json.key("texts").begin_object();
    for (const auto& [name, text] : present.texts) {
        if (text) json.member(name, std::string_view{*text});
    }
    json.end_object().end_object();
}

void write_outcome(JsonWriter& json, std::string_view name, const Result<void>& outcome) {
    json.key(name);
    if (outcome) {
        json.value("done");
    } else {
        write_error(json, outcome.error());
    }
}

class Driver {
  public:
    Driver(clients::AwsSettings settings, const StoreKind& type, StoreDescription description)
        : settings_(std::move(settings)), type_(type), description_(std::move(description)) {}

    std::string handle(const json::Value& asked) {
        const std::string task = text(asked, "do");
        if (task == "read_text") return read_text(text(asked, "store"), text(asked, "name"));
        if (task == "write_text") return write_text(asked);
        engine::StateStore& store = store_named(text(asked, "store"));
        if (task == "read") return read(store, action(asked));
        if (task == "record") return record(store, action(asked), what(asked));
        if (task == "race") {
            return race(store, action(asked), store_named(text(asked, "other")),
                        action(asked, "other_action"), what(asked));
        }
        if (task == "claim_for_ever") claim_for_ever(store);
        return "unknown task " + task;
    }

  private:
    engine::StateStore& store_named(const std::string& name) {
        auto& store = stores_[name];
        if (!store) {
            store = std::make_unique<ActionState>(type_.make(description_, account_),
                                                  description_.target);
        }
        return *store;
    }

    VersionedStore& texts_of(const std::string& name) {
        auto& texts = texts_[name];
        if (!texts) texts = type_.make(description_, account_);
        return *texts;
    }

    std::string read_text(const std::string& store, std::string name) {
        const auto present = reactor_.run(texts_of(store).read(std::move(name), scope()));
        JsonWriter json;
        if (present) {
            write_present(json, *present);
        } else {
            write_error(json, present.error());
        }
        return json.take();
    }

    std::string write_text(const json::Value& asked) {
        Version version;
        if (asked.find("version")) version = text(asked, "version");
        VersionedStore& texts = texts_of(text(asked, "store"));
        const auto written = reactor_.run(
            texts.write(text(asked, "name"), text(asked, "text"), std::move(version), scope()));
        JsonWriter json;
        if (!written) {
            write_error(json, written.error());
            return json.take();
        }
        json.begin_object();
        if (written->version) json.member("version", std::string_view{*written->version});
        if (written->present) write_present(json.key("present"), *written->present);
        json.end_object();
        return json.take();
    }

    std::string read(engine::StateStore& store, scaling::Action wanted) {
        const engine::Recollection past = reactor_.run(store.read(wanted, scope()));
        JsonWriter json;
        json.begin_object();
        write_last(json, "scale_out", past.history.scale_out);
        write_last(json, "scale_in", past.history.scale_in);
        json.member("from_memory", past.from_memory);
        json.key("errors").begin_array();
        for (const Error& error : past.errors) write_error(json, error);
        json.end_array().end_object();
        return json.take();
    }

    std::string record(engine::StateStore& store, scaling::Action wanted,
                       scaling::ScalingAction that) {
        const Result<void> outcome = reactor_.run(store.record(wanted, that, scope()));
        JsonWriter json;
        json.begin_object();
        write_outcome(json, "outcome", outcome);
        json.end_object();
        return json.take();
    }

    std::string race(engine::StateStore& one, scaling::Action one_wants, engine::StateStore& other,
                     scaling::Action other_wants, scaling::ScalingAction that) {
        auto first = one.record(one_wants, that, scope());
        auto second = other.record(other_wants, that, scope());
        auto both = reactor_.run(reactor::when_all(std::move(first), std::move(second)));
        JsonWriter json;
        json.begin_object();
        write_outcome(json, "outcome", std::get<0>(both));
        write_outcome(json, "other_outcome", std::get<1>(both));
        json.end_object();
        return json.take();
    }

    [[noreturn]] void claim_for_ever(engine::StateStore& store) {
        for (int count = 1;; ++count) {
            const auto wanted =
                count % 2 == 0 ? scaling::Action::scale_in : scaling::Action::scale_out;
            std::string was = read(store, scaling::Action::scale_in);
            const scaling::ScalingAction that{clock_.now(), Messages{1}, Tasks{count}};
            std::string outcome = record(store, wanted, that);
            fmt::print("{{\"count\":{},\"read\":{},\"record\":{}}}\n", count, was, outcome);
            std::fflush(stdout);
        }
    }

    static reactor::Scope scope() { return reactor::Scope{}.within(std::chrono::seconds{60}); }

    clients::AwsSettings settings_;
    const StoreKind& type_;
    StoreDescription description_;
    reactor::Reactor reactor_;
    reactor::HttpClient http_{reactor_, reactor::HttpClientOptions{}};
    FixedKeys keys_;
    SystemClock clock_;
    Logger log_{LogLevel::error};
    clients::AwsAccount account_{
        clients::AwsContext{reactor_, http_, keys_, clock_, log_, settings_, "eu-west-1"}};
    std::map<std::string, std::unique_ptr<engine::StateStore>> stores_;
    std::map<std::string, std::unique_ptr<VersionedStore>> texts_;
};

int fail(std::string_view why) {
    fmt::print(stderr, "drive_store: {}\n", why);
    return 1;
}

const StoreKind* type_named(std::string_view name) {
    for (const StoreKind* type : store_kinds) {
        if (type->name == name) return type;
    }
    return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
    const StoreKind* type = argc > 1 ? type_named(argv[1]) : nullptr;
    if (type == nullptr) return fail("which kind of store?");
    StoreDescription description{.bucket = {}, .options = Options{*type}, .target = {}};
    description.target = {"prod", "web"};
    for (int i = 2; i < argc; ++i) {
        const std::string_view option = argv[i];
        const std::string_view key = option.substr(0, option.find('='));
        const std::string value{option.substr(option.find('=') + 1)};
        if (key == "bucket") {
            description.bucket = value;
        } else if (key == "group") {
            description.target.group = value;
        } else {
            description.options.set(key, value);
        }
    }
    auto settings = clients::AwsSettings::make(process_environment(), clients::SharedConfig{});
    if (!settings) return fail(settings.error().message);
    Driver driver(std::move(*settings), *type, std::move(description));
    for (std::string line; std::getline(std::cin, line);) {
        const auto document = json::parse(line, {.bytes_max = std::size_t{1} << 16U});
        if (!document) return fail(document.error().message);
        fmt::print("{}\n", driver.handle(document->root()));
        std::fflush(stdout);
    }
    return 0;
}
