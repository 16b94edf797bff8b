// The autoscaler of one target: observe the queue and the service, decide, claim, act. The heart of
// the program; one check is followed from top to bottom in autoscaler.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/check_report.h"
#include "engine/scale_target.h"
#include "engine/state_store.h"
#include "engine/target_queues.h"
#include "reactor/event.h"
#include "reactor/prefetch.h"
#include "scaling/judge.h"

namespace fas::engine {

// When a check reads the last actions, where they are not known from earlier ones.
enum class StateRead {
    with_first_reading,  // beside the queue and the service: an action comes a round earlier
    when_needed,         // when something is to be done: most checks of a fleet never ask
};

struct Target {
    std::shared_ptr<const void> keeps;  // what the service and the state use; it outlives them
    std::string name;                   // for people: "cluster/service"
    scaling::Mind mind;
    TargetQueues queues;
    std::unique_ptr<ScaleTarget> service;
    std::unique_ptr<StateStore> state;
    StateRead state_read = StateRead::with_first_reading;
    // Asks what earlier processes saw of records of the future; null: nobody knows.
    std::function<reactor::Task<scaling::FutureRecords>(reactor::Scope)> future_seen_before;
};

class Autoscaler {
  public:
    // Reactor and clock must outlive the autoscaler. With dry_run nothing is ever written.
    Autoscaler(Target target, reactor::Reactor& reactor, const Clock& clock, bool dry_run)
        : target_(std::move(target)),
          clock_(clock),
          dry_run_(dry_run),
          state_read_(reactor),
          prefetch_(reactor) {}

    // Begins to read what a check begins with, for one that is expected at once: what it takes to
    // connect then overlaps with the wait for it. That check uses what was read if it comes within
    // a second; later ones, and a check that comes later, read anew.
    void prefetch();

    // The same of a check that has begun already, in whose scope it is, and which takes what comes
    // of it, errors too.
    void begin_reading(reactor::Scope scope);

    // Waits until what was begun so has read the state, if it does, or the scope ends: who reads
    // from the same place then finds a connection open.
    reactor::Task<void> wait_for_state(reactor::Scope scope);

    // One check. It never scales in on anything unknown, and reports every failure; a scope that
    // ends is one. One check at a time. A reading of the queue that another target had begun at
    // `since` or later will do.
    reactor::Task<CheckReport> check(SteadyTime since, reactor::Scope scope);

    // The same target as it is configured from now on. A check that is running ends with what it
    // began with, and neither claims nor changes anything any more; the next one is of the new
    // configuration. What was remembered stays, but readings of other queues, and all of it where
    // another service has that name now.
    void reconfigure(Target target, bool same_queues, bool same_service = true);
    // The configuration has no such target any more: a check that is running claims nothing.
    void retire() { superseded_.request_stop(); }

    // What it remembers from check to check.
    const scaling::Memory& memory() const { return memory_; }
    void set_memory(scaling::Memory memory) { memory_ = std::move(memory); }

  private:
    // What the queues and the service said when they were asked together.
    struct Look {
        TimePoint begun;
        TargetQueues::Reading queues;
        Result<scaling::ServiceState> service;
    };
    struct FirstLook {
        Look look;
        std::optional<Recollection> past;  // absent: not asked yet

        bool complete() const {
            return look.queues.errors.empty() && look.service && (!past || past->errors.empty());
        }
    };
    // A check on its way.
    struct Check {
        TimePoint begun;      // or its readings were, if they were ahead of it
        TimePoint looked_at;  // the last time
        scaling::Situation situation;
        scaling::Judgement judgement;
        std::optional<Recollection> past;  // absent: not asked yet
        bool queue_unreadable = false;
        std::optional<Tasks> changed_by_others_from;
        std::optional<std::string> change_request_id;  // absent: nothing was changed
        std::vector<Error> errors;
    };

    // An attempt to change the count that was denied.
    struct Denial {
        Error error;
        TimePoint at;
        Milliseconds rest;  // before another
    };

    // A count that this process replaced a moment ago.
    struct Replaced {
        Tasks desired;
        TimePoint at;
    };

    bool superseded() const { return superseded_.stop_requested(); }
    reactor::Scope until_superseded(reactor::Scope scope) const;
    void take_new_target();
    void begin_look(bool is_final, reactor::Scope scope);
    reactor::Task<Recollection> read_first_state(reactor::Scope scope);
    reactor::Task<FirstLook> first_look(SteadyTime since, reactor::Scope scope);
    reactor::Task<FirstLook> look_and_recall(SteadyTime since, reactor::Scope scope);
    reactor::Task<Look> look(SteadyTime since, reactor::Scope scope);
    void observe(Check& check, Look look);
    void observe_count(Check& check, Tasks& desired);
    void decide(Check& check) const;
    bool is_to_act(const Check& check) const;
    bool is_old(const Check& check) const;
    void refuse_old_look(Check& check) const;
    reactor::Task<void> recall(Check* check, reactor::Scope scope);
    reactor::Task<void> look_again(Check* check, reactor::Scope scope);
    reactor::Task<void> spare_protected_tasks(Check* check, reactor::Scope scope);
    bool rests(const Check& check) const;
    void rest_after_denial(Check& check) const;
    reactor::Task<void> claim(Check* check, reactor::Scope scope);
    static void hold_without_claim(Check& check, Error error);
    reactor::Task<void> confirm(Check* check, reactor::Scope scope);
    reactor::Task<void> act(Check* check, reactor::Scope scope);
    CheckReport report(Check check) const;

    Target target_;
    std::optional<Target> next_target_;
    bool next_has_other_queues_ = false;
    bool next_is_other_service_ = false;
    std::stop_source superseded_;  // by a new configuration, until it is taken
    const Clock& clock_;
    bool dry_run_;
    std::optional<Tasks> last_desired_;  // as the last check left it
    std::vector<Replaced> replaced_;
    std::optional<Denial> denial_;
    scaling::Memory memory_;
    TimePoint prefetch_begun_;
    bool prefetch_is_final_ = false;  // its errors are the check's
    bool reading_state_ = false;      // by what was begun ahead
    reactor::Event state_read_;       // when that ends
    reactor::Prefetch<FirstLook> prefetch_;
};

}  // namespace fas::engine
