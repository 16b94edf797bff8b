// A replay of what a live autoscaler read, line by line through `decide`, decides the same, for the
// same reasons, to the letter: failures, stale readings, changes by others and reloads among it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "adapters/stores/memory_json.h"
#include "app/decide_command.h"
#include "app/wiring.h"
#include "base/json_writer.h"
#include "engine/autoscaler.h"
#include "json/reader.h"
#include "reactor/reactor.h"

namespace fas::app {
namespace {

using Depth = Result<scaling::QueueDepth>;

constexpr std::string_view state_trouble = "S3 said 500";

// What the ports say, and what became of the requests.
struct World {
    std::vector<Depth> queues;
    Result<scaling::ServiceState> service = scaling::ServiceState{};
    engine::Recollection past;
    bool state_fails = false;
    Result<Tasks> protected_tasks = Tasks{0};
    bool update_fails = false;
};

class ScriptedQueue final : public engine::QueueSource {
  public:
    ScriptedQueue(World& world, std::size_t index) : world_(world), index_(index) {}
    reactor::Task<Depth> read(reactor::Scope) override { co_return world_.queues[index_]; }

  private:
    World& world_;
    std::size_t index_;
};

class ScriptedService final : public engine::ScaleTarget {
  public:
    explicit ScriptedService(World& world) : world_(world) {}
    reactor::Task<Result<scaling::ServiceState>> read(reactor::Scope) override {
        co_return world_.service;
    }
    reactor::Task<Result<Tasks>> protected_tasks(reactor::Scope) override {
        co_return world_.protected_tasks;
    }
    reactor::Task<Result<std::string>> set_desired(Tasks desired, reactor::Scope) override {
        if (world_.update_fails) {
            co_return Error{.kind = ErrorKind::throttled, .message = "rate exceeded"};
        }
        world_.service->desired = desired;
        co_return std::string{"request"};
    }

  private:
    World& world_;
};

class ScriptedStore final : public engine::StateStore {
  public:
    explicit ScriptedStore(World& world) : world_(world) {}
    reactor::Task<engine::Recollection> read(scaling::Action, reactor::Scope) override {
        if (!world_.state_fails) co_return world_.past;
        const scaling::Unknown unknown{std::string{state_trouble}};
        engine::Recollection nothing{{unknown, unknown}, false, {}};
        nothing.errors.push_back({.kind = ErrorKind::retryable, .message = unknown.why});
        co_return nothing;
    }
    reactor::Task<Result<void>> record(scaling::Action action, scaling::ScalingAction what,
                                       reactor::Scope) override {
        const bool out = action == scaling::Action::scale_out;
        (out ? world_.past.history.scale_out : world_.past.history.scale_in) = what;
        co_return Result<void>{};
    }
    reactor::Task<Result<void>> confirm(reactor::Scope) override { co_return Result<void>{}; }

  private:
    World& world_;
};

class SimulatedClock final : public Clock {
  public:
    TimePoint now() const override { return time; }
    TimePoint time = *parse_iso8601("2026-11-25T12:00:00.123457Z");
};

void write_depth(JsonWriter& json, const Depth& depth) {
    if (!depth) {
        json.member("missing", std::string_view{depth.error().message});
        return;
    }
    if (depth->visible) json.member("visible", depth->visible->value);
    if (depth->in_flight) json.member("in_flight", depth->in_flight->value);
    if (depth->oldest_age) json.member("oldest_age", depth->oldest_age->count());
    if (depth->publish_rate) json.member("publish_rate", *depth->publish_rate);
    if (depth->measured_at) {
        json.member("measured_at", std::string_view{to_iso8601(*depth->measured_at)});
    }
    if (!depth->missing.empty()) json.member("missing", std::string_view{depth->missing});
}

void write_action(JsonWriter& json, const std::string& name, const scaling::LastAction& last) {
    const auto* action = std::get_if<scaling::ScalingAction>(&last);
    if (action == nullptr) return;
    json.member(name, std::string_view{to_iso8601(action->at)});
    if (action->backlog) json.member(name + "_messages", action->backlog->value);
    if (action->desired) json.member(name + "_desired", action->desired->value);
}

// One target that lives through random checks, and the same checks as `decide` is told of them.
class Replay {
  public:
    explicit Replay(unsigned seed) : random_(seed) {
        settings_.policy = PolicyType::backlog;
        settings_.backlog.target_messages_per_task = 10;
        settings_.rules.min_tasks = Tasks{2};
        settings_.rules.max_tasks = Tasks{100};
        settings_.rules.queue_age_max = Seconds{60};
        settings_.rules.scale_out_cooldown = Seconds{20};
        settings_.rules.scale_in_cooldown = Seconds{40};
        settings_.rules.scale_in_evidence = Seconds{15};
        settings_.fallback = {.behavior = scaling::FallbackBehavior::current_if_lower,
                              .failure_threshold = 2,
                              .fallback_tasks = Tasks{15},
                              .last_good_max_age = Seconds{45}};
        settings_.behavior.scale_in = {.stabilization_window = Seconds{120},
                                       .policies = {{scaling::RateType::percent, 30, Seconds{60}}}};
        settings_.behavior.scale_out.policies = {{scaling::RateType::tasks, 9, Seconds{60}}};
        if (chance(50)) {
            settings_.queues.resize(2);
            settings_.queues[1].weight = 2.5;
            settings_.combine_queues = scaling::Combine::sum;
        }
        world_.queues.resize(settings_.queues.size());
        world_.service->desired = Tasks{10};
        autoscaler_ = std::make_unique<engine::Autoscaler>(target(), reactor_, clock_, false);
    }

    void check() {
        change_the_world();
        if (chance(7)) reload();
        std::string asked = question();
        const Tasks told = world_.service ? world_.service->desired : Tasks{0};
        const std::string said = fmt::format("\"desired\":{},", told.value);
        const engine::CheckReport report =
            reactor_.run(autoscaler_->check(std::chrono::steady_clock::now(), reactor::Scope{}));
        // A service that says what it had before a change of a moment ago is known better.
        const Tasks known = report.service ? report.service->desired : Tasks{0};
        if (report.service) {
            asked.replace(asked.find(said), said.size(),
                          fmt::format("\"desired\":{},", known.value));
        }
        compare(report, asked, known);
        if (world_.service) world_.service->running = world_.service->desired;
    }

    std::map<std::string, int> seen;  // how often what was decided, so that nothing is left out

  private:
    bool chance(int percent) { return number(1, 100) <= percent; }
    int number(int from, int to) { return std::uniform_int_distribution{from, to}(random_); }

    engine::Target target() {
        engine::Target target;
        target.name = "c/s";
        target.mind = mind_of(settings_);
        std::vector<engine::TargetQueue> queues;
        for (std::size_t i = 0; i < settings_.queues.size(); ++i) {
            queues.push_back(
                {std::make_shared<engine::SharedQueue>(std::make_unique<ScriptedQueue>(world_, i),
                                                       queue_name(settings_.queues[i]), reactor_),
                 settings_.queues[i].weight});
        }
        target.queues = engine::TargetQueues{std::move(queues)};
        target.service = std::make_unique<ScriptedService>(world_);
        target.state = std::make_unique<ScriptedStore>(world_);
        return target;
    }

    void reload() {
        settings_.rules.max_tasks = Tasks{number(60, 100)};
        settings_.fallback.failure_threshold = number(0, 3);
        settings_.behavior.scale_in.stabilization_window =
            Seconds{static_cast<double>(number(0, 1) * number(30, 200))};
        autoscaler_->reconfigure(target(), true);
        ++seen["reload"];
    }

    Depth random_depth() {
        if (chance(20)) {
            return Error{.kind = ErrorKind::retryable, .message = "queue q: connection refused"};
        }
        scaling::QueueDepth depth{.visible = Messages{number(0, 3) * number(0, 400)},
                                  .in_flight = Messages{number(0, 30)}};
        if (chance(30)) depth.measured_at = clock_.time - std::chrono::seconds{number(0, 80)};
        if (chance(20)) depth.in_flight.reset();
        if (chance(10)) depth.missing = "one partition did not answer";
        if (chance(30)) depth.publish_rate = number(0, 1000) / 7.0;
        if (chance(30)) depth.oldest_age = Seconds{number(0, 1000) / 3.0};
        return depth;
    }

    void change_the_world() {
        clock_.time += std::chrono::microseconds{number(1'000'000, 25'000'000)};
        for (Depth& depth : world_.queues) depth = random_depth();
        if (!world_.service) world_.service = scaling::ServiceState{Tasks{7}, Tasks{7}, Tasks{0}};
        if (chance(5)) {
            world_.service = Error{.kind = ErrorKind::retryable, .message = "ECS did not answer"};
        } else {
            if (chance(5)) world_.service->desired = Tasks{number(0, 120)};
            world_.service->deployment_in_progress = chance(5);
            world_.service->controls = {};
            if (chance(5)) world_.service->controls.pause = scaling::Pause::in;
            if (chance(3)) world_.service->controls.hold_at = Tasks{number(0, 50)};
            world_.service->own_max.reset();
            if (chance(10)) world_.service->own_max = Tasks{number(20, 90)};
        }
        world_.protected_tasks = Tasks{chance(20) ? number(1, 40) : 0};
        if (chance(5)) {
            world_.protected_tasks = Error{.kind = ErrorKind::denied, .message = "not allowed"};
        }
        world_.state_fails = chance(5);
        world_.past.from_memory = chance(70);
        world_.update_fails = chance(10);
    }

    std::string question() {
        JsonWriter json;
        json.begin_object();
        json.member("now", std::string_view{to_iso8601(clock_.time)});
        if (world_.queues.size() == 1) {
            write_depth(json, world_.queues.front());
        } else {
            json.key("queues").begin_array();
            for (const Depth& depth : world_.queues) {
                json.begin_object();
                write_depth(json, depth);
                json.end_object();
            }
            json.end_array();
        }
        std::vector<std::string_view> unknown;
        if (world_.service) {
            write_service(json, *world_.service);
        } else {
            json.member("service_missing", std::string_view{world_.service.error().message});
            unknown = {"desired", "running"};
        }
        if (world_.state_fails) {
            unknown.insert(unknown.end(), {"last_scale_out", "last_scale_in"});
            json.member("state_missing", state_trouble);
        } else {
            write_action(json, "last_scale_out", world_.past.history.scale_out);
            write_action(json, "last_scale_in", world_.past.history.scale_in);
        }
        if (world_.protected_tasks) {
            json.member("protected", world_.protected_tasks->value);
        } else {
            unknown.emplace_back("protected");
        }
        json.member("carried_out", !world_.update_fails);
        json.key("unknown").begin_array();
        for (const std::string_view name : unknown) json.value(name);
        json.end_array();
        json.end_object();
        std::string line = json.take();
        if (!memory_.empty()) line.insert(line.size() - 1, ",\"memory\":" + memory_);
        return line;
    }

    static void write_service(JsonWriter& json, const scaling::ServiceState& service) {
        json.member("desired", service.desired.value);
        json.member("running", service.running.value);
        json.member("pending", service.pending.value);
        json.member("deployment_in_progress", service.deployment_in_progress.value());
        if (service.controls.pause) {
            json.member("pause", scaling::to_string(*service.controls.pause));
        }
        if (service.controls.hold_at) json.member("hold_at", service.controls.hold_at->value);
        if (service.own_max) json.member("own_max", service.own_max->value);
    }

    void compare(const engine::CheckReport& report, const std::string& asked, Tasks before) {
        const auto answer = decide_line(asked, settings_);
        ASSERT_TRUE(answer) << answer.error().message << "\n" << asked;
        const auto document = json::parse(*answer, {.bytes_max = 1 << 20});
        const json::Value root = document->root();
        const auto action = report.decision ? report.decision->action : scaling::Action::hold;
        const std::string& reason = report.decision ? report.decision->reason : report.undecided;
        ASSERT_EQ(*root.find("reason")->as_string(), reason) << asked;
        ASSERT_EQ(*root.find("action")->as_string(), scaling::to_string(action)) << asked;
        if (report.decision) {
            ASSERT_EQ(root.find("desired")->as_int(), report.decision->desired.value) << asked;
            ASSERT_EQ(root.find("current")->as_int(), before.value) << asked;
        }
        JsonWriter memory;
        adapters::write_memory(memory, autoscaler_->memory());
        memory_ = answer->substr(answer->find("\"memory\":") + 9);
        memory_.pop_back();
        ASSERT_EQ(memory_, memory.text()) << asked;
        ++seen[std::string{scaling::to_string(action)}];
        if (!report.decision) ++seen["undecided"];
        if (reason.find("stands in") != reason.npos) ++seen["last good"];
        if (reason.find("times in a row") != reason.npos) ++seen["fallback"];
        if (reason.find("limited to") != reason.npos) ++seen["rate"];
        if (reason.find("protected") != reason.npos) ++seen["protected"];
        if (reason.find("cooldown left") != reason.npos) ++seen["cooldown"];
        if (reason.find(state_trouble) != reason.npos) ++seen["state"];
        if (reason.find("needs readings") != reason.npos) ++seen["evidence"];
        if (reason.find("recommendation of the last") != reason.npos) ++seen["window"];
    }

    std::mt19937 random_;
    reactor::Reactor reactor_;
    SimulatedClock clock_;
    World world_;
    TargetSettings settings_;
    std::unique_ptr<engine::Autoscaler> autoscaler_;
    std::string memory_;
};

TEST(DecideReplay, DecidesAsALiveAutoscalerDidToTheLetter) {
    std::map<std::string, int> seen;
    for (unsigned seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        Replay replay{seed};
        for (int i = 0; i < 200 && !HasFatalFailure(); ++i) replay.check();
        if (HasFatalFailure()) return;
        for (const auto& [what, times] : replay.seen) seen[what] += times;
    }
    for (const char* what :
         {"hold", "scale_out", "scale_in", "undecided", "last good", "fallback", "rate",
          "protected", "cooldown", "window", "state", "reload", "evidence"}) {
        EXPECT_GT(seen[what], 10) << what;
    }
}

}  // namespace
}  // namespace fas::app
