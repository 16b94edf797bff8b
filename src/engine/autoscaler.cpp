#include "engine/autoscaler.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "reactor/when_all.h"
#include "scaling/cooldown.h"

namespace fas::engine {

namespace {

// How long a check waits for the state, which a scale-out can do without, and for the claim, which
// tells of two autoscalers the one that acts and so is worth a longer wait.
constexpr Milliseconds recall_time_max{3'000};
constexpr Milliseconds claim_time_max{10'000};

// How long it waits to know whether a claim that took long still stands.
constexpr Milliseconds confirm_time_max{1'000};

// How long a reading that was begun ahead may take, and how old it may be when a check uses it.
constexpr Milliseconds prefetch_time_max{3'000};
constexpr Milliseconds prefetched_age_max{1'000};

// The same of what the check itself has begun: the state, and the memory after it, may take their
// time. It looks again before it acts on what is old.
constexpr Milliseconds begun_age_max{5'000};

// How old what was seen may be when something is done on it. A claim, or asking for protection, may
// take seconds, in which a person stops the service.
constexpr Milliseconds look_age_max{2'000};

// Between two attempts to change a count, where the first was denied.
constexpr Milliseconds first_rest{10'000};
constexpr Milliseconds longest_rest{300'000};

constexpr std::string_view changed_meanwhile = "the configuration has changed meanwhile";

}  // namespace

reactor::Task<CheckReport> Autoscaler::check(SteadyTime since, reactor::Scope scope) {
    const auto started = reactor::now();
    take_new_target();
    Check check{.begun = clock_.now()};
    FirstLook first = co_await first_look(since, scope);
    check.begun = std::min(check.begun, first.look.begun);
    check.past = std::move(first.past);
    observe(check, std::move(first.look));
    if (check.judgement.needs_history) co_await recall(&check, scope);
    if (is_to_act(check) && !check.past->from_memory) co_await look_again(&check, scope);
    if (is_to_act(check) && check.judgement.needs_protection) {
        co_await spare_protected_tasks(&check, scope);
    }
    if (is_to_act(check) && is_old(check)) co_await look_again(&check, scope);
    refuse_old_look(check);
    if (is_to_act(check) && rests(check)) rest_after_denial(check);
    if (is_to_act(check)) co_await claim(&check, scope);
    if (is_to_act(check) && is_old(check)) co_await confirm(&check, scope);
    refuse_old_look(check);
    if (is_to_act(check) && superseded()) {
        scaling::hold_instead(check.judgement.decision, changed_meanwhile);
    }
    if (is_to_act(check)) co_await act(&check, scope);

    memory_ = std::move(check.judgement.memory);
    CheckReport result = report(std::move(check));
    result.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(reactor::now() - started);
    co_return result;
}

void Autoscaler::prefetch() { begin_look(false, reactor::Scope{}.within(prefetch_time_max)); }

void Autoscaler::begin_reading(reactor::Scope scope) { begin_look(true, std::move(scope)); }

void Autoscaler::begin_look(bool is_final, reactor::Scope scope) {
    prefetch_begun_ = clock_.now();
    prefetch_is_final_ = is_final;
    reading_state_ = target_.state_read == StateRead::with_first_reading;
    prefetch_.begin(look_and_recall(reactor::now(), std::move(scope)));
}

reactor::Task<void> Autoscaler::wait_for_state(reactor::Scope scope) {
    if (!prefetch_.begun() || !reading_state_) co_return;
    const auto waited = co_await state_read_.wait(std::move(scope));
    static_cast<void>(waited);  // long enough, or not
}

reactor::Task<Recollection> Autoscaler::read_first_state(reactor::Scope scope) {
    Recollection past =
        co_await target_.state->read(scaling::Action::scale_out, scope.within(recall_time_max));
    reading_state_ = false;
    state_read_.notify_all();
    co_return past;
}

void Autoscaler::reconfigure(Target target, bool same_queues, bool same_service) {
    next_target_ = std::move(target);
    next_has_other_queues_ = next_has_other_queues_ || !same_queues;
    next_is_other_service_ = next_is_other_service_ || !same_service;
    superseded_.request_stop();
}

void Autoscaler::take_new_target() {
    if (!next_target_) return;
    prefetch_.abandon();  // it reads the old one
    target_ = std::move(*next_target_);
    next_target_.reset();
    superseded_ = std::stop_source{};
    denial_.reset();
    if (next_has_other_queues_) scaling::forget_queues(memory_);
    next_has_other_queues_ = false;
    if (!std::exchange(next_is_other_service_, false)) return;
    memory_ = {};
    last_desired_.reset();
    replaced_.clear();
}

// By the wall clock, which goes on while a process is frozen.
reactor::Task<Autoscaler::FirstLook> Autoscaler::first_look(SteadyTime since,
                                                            reactor::Scope scope) {
    const auto age = clock_.now() - prefetch_begun_;
    const auto age_max = prefetch_is_final_ ? begun_age_max : prefetched_age_max;
    if (age < Milliseconds{0} || age > age_max) prefetch_.abandon();
    auto begun = co_await prefetch_.finish(scope);
    if (begun && (begun->complete() || prefetch_is_final_)) co_return std::move(*begun);
    co_return co_await look_and_recall(since, std::move(scope));
}

// The state, where it is not known from earlier checks, is read while the others are, as far as a
// scale-out depends on it. A scale-in can wait for the rest.
reactor::Task<Autoscaler::FirstLook> Autoscaler::look_and_recall(SteadyTime since,
                                                                 reactor::Scope scope) {
    if (target_.state_read == StateRead::when_needed) {
        Look seen = co_await look(since, std::move(scope));
        co_return FirstLook{std::move(seen), std::nullopt};
    }
    auto recalled = read_first_state(scope);
    auto looked = look(since, scope);
    auto both = co_await reactor::when_all(std::move(recalled), std::move(looked));
    auto& [past, seen] = both;
    co_return FirstLook{std::move(seen), std::move(past)};
}

reactor::Task<Autoscaler::Look> Autoscaler::look(SteadyTime since, reactor::Scope scope) {
    const TimePoint begun = clock_.now();
    auto queues = target_.queues.read(since, scope);
    auto service = target_.service->read(scope);
    auto both = co_await reactor::when_all(std::move(queues), std::move(service));
    auto& [reading, state] = both;
    co_return Look{begun, std::move(reading), std::move(state)};
}

// What is seen now takes the place of what an earlier look had seen; its errors stay.
void Autoscaler::observe(Check& check, Look look) {
    check.looked_at = look.begun;
    check.situation.now = clock_.now();
    check.situation.queues = std::move(look.queues.parts);
    check.queue_unreadable = !look.queues.errors.empty();
    std::ranges::move(look.queues.errors, std::back_inserter(check.errors));
    check.situation.service.reset();
    if (look.service) {
        observe_count(check, look.service->desired);
        check.situation.service = std::move(*look.service);
    } else {
        check.situation.service_missing = look.service.error().message;
        check.errors.push_back(std::move(look.service.error()));
    }
    decide(check);
}

// A target may go on for a while to say what it had before a change of ours, which we know better.
void Autoscaler::observe_count(Check& check, Tasks& desired) {
    const TimePoint now = clock_.now();
    std::erase_if(replaced_, [now](const Replaced& each) {
        return each.at > now || now - each.at > scaling::settling_time;
    });
    const bool replaced =
        std::ranges::find(replaced_, desired, &Replaced::desired) != replaced_.end();
    if (replaced && last_desired_) desired = *last_desired_;
    if (last_desired_ && *last_desired_ != desired) check.changed_by_others_from = last_desired_;
    last_desired_ = desired;
}

// From what was remembered when the check began, so that it counts once however often it looks.
void Autoscaler::decide(Check& check) const {
    check.judgement = scaling::judge(target_.mind, memory_, check.situation);
}

bool Autoscaler::is_to_act(const Check& check) const {
    return !dry_run_ && check.judgement.decision.action != scaling::Action::hold;
}

// What could not be recalled is an error of this check, which needed it. It is not asked for again
// at once: what is known forbids a scale-in, and a scale-out does without.
reactor::Task<void> Autoscaler::recall(Check* check, reactor::Scope scope) {
    const scaling::Action wanted = *check->judgement.needs_history;
    std::optional<Recollection>& past = check->past;
    const bool known = past && (wanted == scaling::Action::scale_out || !past->errors.empty());
    if (!known) past = co_await target_.state->read(wanted, scope.within(recall_time_max));
    std::ranges::move(past->errors, std::back_inserter(check->errors));
    check->situation.history = past->history;
    const bool is_new =
        wanted == scaling::Action::scale_in &&
        scaling::has_new_future(past->history, memory_.future_records, check->situation.now);
    if (is_new && target_.future_seen_before) {
        const auto earlier = co_await target_.future_seen_before(std::move(scope));
        std::ranges::copy(earlier, std::back_inserter(memory_.future_records));
    }
    decide(*check);
}

// Somebody else may have acted after the readings and before that of the state: a claim based on
// such a state would not prove that they still hold.
reactor::Task<void> Autoscaler::look_again(Check* check, reactor::Scope scope) {
    check->situation.first_wanted = check->judgement.decision.action;
    Look again = co_await look(reactor::now(), std::move(scope));
    observe(*check, std::move(again));
}

reactor::Task<void> Autoscaler::spare_protected_tasks(Check* check, reactor::Scope scope) {
    auto count = co_await target_.service->protected_tasks(std::move(scope));
    check->situation.protection.emplace();
    if (count) {
        check->situation.protection->tasks = *count;
    } else {
        check->errors.push_back(std::move(count.error()));
    }
    decide(*check);
}

// Whoever is denied the change would record an action at each check, and never act.
bool Autoscaler::rests(const Check& check) const {
    return denial_ && check.begun >= denial_->at && check.begun < denial_->at + denial_->rest;
}

void Autoscaler::rest_after_denial(Check& check) const {
    check.errors.push_back(denial_->error);
    scaling::hold_instead(check.judgement.decision,
                          "the last attempt was denied, and another follows after a pause");
}

// What was sent is waited for: another change beside it could be done before it.
reactor::Scope Autoscaler::until_superseded(reactor::Scope scope) const {
    scope.no_more = superseded_.get_token();
    return scope;
}

// Of two autoscalers that saw the same, one may act.
reactor::Task<void> Autoscaler::claim(Check* check, reactor::Scope scope) {
    scaling::Decision& decision = check->judgement.decision;
    if (superseded()) {
        scaling::hold_instead(decision, changed_meanwhile);
        co_return;
    }
    const scaling::ScalingAction what{clock_.now(), decision.backlog, decision.desired};
    const reactor::Scope a_while = until_superseded(scope.within(claim_time_max));
    auto claimed = co_await target_.state->record(decision.action, what, a_while);
    if (claimed) co_return;
    hold_without_claim(*check, std::move(claimed.error()));
    if (is_to_act(*check) && superseded()) {  // what nothing claims must not stand beside another's
        scaling::hold_instead(decision, changed_meanwhile);
    }
}

// A scale-out goes ahead where nobody can tell whether it is claimed.
void Autoscaler::hold_without_claim(Check& check, Error error) {
    scaling::Decision& decision = check.judgement.decision;
    if (error.kind == ErrorKind::conflict) {
        scaling::hold_instead(decision, error.message);
        return;
    }
    if (decision.action == scaling::Action::scale_in) {
        scaling::hold_instead(decision, "the action could not be recorded");
    }
    check.errors.push_back(std::move(error));
}

// By the wall clock, which goes on while a process is frozen.
bool Autoscaler::is_old(const Check& check) const {
    const auto age = clock_.now() - check.looked_at;
    return age < Milliseconds{0} || age > look_age_max;
}

// Where answers are slow each time, a look is old when it ends, and another would be too.
void Autoscaler::refuse_old_look(Check& check) const {
    if (!is_to_act(check) || !is_old(check)) return;
    check.errors.push_back(make_error(
        ErrorKind::retryable, "AnswersTooSlow",
        fmt::format("what the queue and the service say takes over {:g} s to come, and is too old "
                    "by then to act on; nothing was changed, and the next check looks anew: see "
                    "to the network, and to the health of AWS",
                    Seconds{look_age_max}.count())));
    scaling::hold_instead(check.judgement.decision, "what was seen is too old to act on");
}

// The claim took long: another may have acted on it by now. What it was made for is done if it is
// still wanted, at least as far: what was recorded is what others go by.
reactor::Task<void> Autoscaler::confirm(Check* check, reactor::Scope scope) {
    const scaling::Action action = check->judgement.decision.action;
    const Tasks claimed = check->judgement.decision.desired;
    auto stands = co_await target_.state->confirm(scope.within(confirm_time_max));
    co_await look_again(check, scope);
    scaling::Decision& decision = check->judgement.decision;
    if (decision.action == scaling::Action::hold) co_return;
    const bool out = action == scaling::Action::scale_out;
    const bool as_far = out ? decision.desired >= claimed : decision.desired <= claimed;
    if (decision.action != action || !as_far) {
        scaling::hold_instead(decision, "while it was recorded, which took long, less was wanted");
        co_return;
    }
    decision.desired = claimed;
    if (!stands) hold_without_claim(*check, std::move(stands.error()));
}

reactor::Task<void> Autoscaler::act(Check* check, reactor::Scope scope) {
    const Tasks desired = check->judgement.decision.desired;
    auto done = co_await target_.service->set_desired(desired, until_superseded(std::move(scope)));
    if (!done) {
        if (done.error().kind == ErrorKind::denied) {
            const auto rest = denial_ ? std::min(2 * denial_->rest, longest_rest) : first_rest;
            denial_ = {done.error(), clock_.now(), rest};
        }
        check->errors.push_back(std::move(done.error()));
        last_desired_.reset();  // it may have been done all the same
        co_return;
    }
    denial_.reset();
    replaced_.push_back({check->situation.service->desired, clock_.now()});
    last_desired_ = desired;
    check->change_request_id = std::move(*done);
    check->judgement.memory =
        scaling::memory_after_change(target_.mind, check->judgement, check->situation.now);
}

CheckReport Autoscaler::report(Check check) const {
    scaling::Judgement& judgement = check.judgement;
    CheckReport report{.target = target_.name, .time = check.begun, .dry_run = dry_run_};
    report.queue = std::move(judgement.queue);
    report.service = std::move(check.situation.service);
    if (judgement.known) {
        report.decision = std::move(judgement.decision);
    } else {
        report.undecided = std::move(judgement.decision.reason);
    }
    report.changed_by_others_from = check.changed_by_others_from;
    report.changed = check.change_request_id.has_value();
    report.change_request_id = check.change_request_id.value_or("");
    report.queue_unreadable = check.queue_unreadable || !judgement.stale.empty();
    const auto& protection = check.situation.protection;
    report.protection_unreadable = protection && !protection->tasks;
    for (const scaling::StaleQueue& stale : judgement.stale) {
        report.errors.push_back(target_.queues.error_of(stale));
    }
    std::ranges::move(check.errors, std::back_inserter(report.errors));
    return report;
}

}  // namespace fas::engine
