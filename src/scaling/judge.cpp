#include "scaling/judge.h"

#include <utility>

#include "scaling/cooldown.h"
#include "scaling/recommend.h"

namespace fas::scaling {

namespace {

// Of one alone its own account, whatever its weight.
QueueDepth as_one(std::vector<QueuePart> parts, Combine how) {
    if (parts.size() != 1) return combine(parts, how);
    QueuePart& alone = parts.front();
    if (alone.depth) return std::move(*alone.depth);
    return {.missing = std::move(alone.why)};
}

QueueDepth read_queues(const Mind& mind, const Situation& situation,
                       std::vector<StaleQueue>& stale) {
    std::vector<QueuePart> parts = situation.queues;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        QueuePart& part = parts[i];
        if (!part.known()) continue;
        part.depth = fresh_enough(std::move(*part.depth), mind.rules.queue_age_max, situation.now);
        if (!part.known()) stale.push_back({i, part.depth->missing});
    }
    return as_one(std::move(parts), mind.combine);
}

Decision nothing_known_of_the_service(const std::string& why) {
    Decision decision;
    decision.reason = "the service's state is unknown";
    if (!why.empty()) decision.reason += " (" + why + ")";
    return decision;
}

// An action that only the later of a check's readings wants is left to the next check.
void agree_with_the_first(Decision& decision, const Situation& situation) {
    if (!situation.first_wanted || decision.action == Action::hold) return;
    if (decision.action == *situation.first_wanted) return;
    hold_instead(decision, "the second reading asked for the opposite direction");
}

// Whether the last of the recorded actions set the count to 0. What is unknown explains nothing.
bool explains_zero(const History& history) {
    const ScalingAction* last = nullptr;
    for (const LastAction* each : {&history.scale_out, &history.scale_in}) {
        if (std::holds_alternative<Unknown>(*each)) return false;
        const auto* action = std::get_if<ScalingAction>(each);
        if (action != nullptr && (last == nullptr || action->at > last->at)) last = action;
    }
    return last != nullptr && last->desired == Tasks{0};
}

bool knows_both(const std::optional<History>& history) {
    return history && !std::holds_alternative<Unknown>(history->scale_out) &&
           !std::holds_alternative<Unknown>(history->scale_in);
}

// A scale-in waits for what is recorded in the future as if it had been done when that was first
// seen; a scale-out does not wait for it.
Decision cool_down(const Decision& decision, const Rules& rules, const History& history,
                   FutureRecords& remembered, TimePoint now) {
    if (decision.action != Action::scale_in) return apply_cooldown(decision, rules, history, now);
    History dated_back = history;
    const bool future = date_back(dated_back, remembered, now);
    Decision cooled = apply_cooldown(decision, rules, dated_back, now);
    if (!future || cooled.action != Action::hold) return cooled;
    return apply_cooldown(decision, rules, history, now);  // which says what is in the future
}

// What was done earlier, and by whom, as far as it is known yet.
void apply_the_past(Judgement& judgement, const Rules& rules, const Situation& situation) {
    Decision& decision = judgement.decision;
    if (decision.action == Action::hold) return;
    if (!situation.history) {
        judgement.needs_history = decision.action;
        return;
    }
    decision = cool_down(decision, rules, *situation.history, judgement.memory.future_records,
                         situation.now);

    if (decision.action != Action::scale_in || !rules.respect_task_protection) return;
    judgement.needs_protection = !situation.protection;
    if (!situation.protection) return;
    decision = apply_protection(std::move(decision), *situation.protection);
}

}  // namespace

bool remembers(const Rules& rules, const Behavior& behavior, const Fallback& fallback) {
    return rules.scale_in_evidence > Seconds{0} || !behavior.is_off() ||
           fallback.behavior != FallbackBehavior::hold || fallback.last_good_max_age > Seconds{0};
}

void forget_queues(Memory& memory) {
    memory.readings = {};
    memory.evidence.clear();
}

Judgement judge(const Mind& mind, const Memory& memory, const Situation& situation) {
    Judgement judgement{.memory = memory};
    QueueDepth queue = read_queues(mind, situation, judgement.stale);
    std::string why = queue.missing;
    judgement.queue = remember_reading(std::move(queue), why, mind.fallback,
                                       judgement.memory.readings, situation.now);
    judgement.known = situation.service.has_value();
    if (!situation.service) {
        judgement.decision = nothing_known_of_the_service(situation.service_missing);
        return judgement;
    }

    Samples& launched = judgement.memory.launched;
    bring_up_to(launched, mind.rules.scale_out_cooldown, situation.now);
    const Observation observation{
        judgement.queue, *situation.service,
        stand_in(mind.fallback, judgement.memory.readings, *situation.service),
        sum_within(launched, mind.rules.scale_out_cooldown, situation.now),
        situation.history && explains_zero(*situation.history)};
    const Rules rules = with_schedule(mind.rules, mind.schedule, situation.now);
    judgement.decision = recommend(*mind.policy, rules, observation);
    judgement.known = observation.queue.visible || observation.stand_in ||
                      !mind.policy->needs_queue() || judgement.decision.by_operator;
    if (!judgement.known) return judgement;
    // Only what was recorded can tell a person's stop from an action of ours.
    if (seems_stopped(rules, *situation.service) && !knows_both(situation.history)) {
        judgement.needs_history = Action::scale_in;
    }

    if (mind.policy->needs_queue() && observation.queue.visible) {
        judgement.decision =
            apply_evidence(std::move(judgement.decision), rules, observation.queue,
                           *situation.service, judgement.memory.evidence, situation.now);
    }
    judgement.decision = apply_behavior(std::move(judgement.decision), mind.behavior, rules,
                                        judgement.memory.behavior, situation.now);
    agree_with_the_first(judgement.decision, situation);
    apply_the_past(judgement, rules, situation);
    return judgement;
}

Memory memory_after_change(const Mind& mind, const Judgement& judgement, TimePoint now) {
    Memory memory = judgement.memory;
    const Decision& made = judgement.decision;
    remember_change(memory.behavior, mind.behavior, made.current, made.desired, now);
    if (made.desired > made.current) {
        const Seconds cooldown = mind.rules.scale_out_cooldown;
        add_change(memory.launched, made.desired - made.current, cooldown, cooldown, now);
    } else {
        memory.launched.clear();
    }
    return memory;
}

}  // namespace fas::scaling
