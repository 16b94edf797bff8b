// What is scaled: a queue, and tasks that take its messages. It knows nothing of who scales it.
// Each event has its moment; nothing happens between two of them.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <queue>
#include <string_view>
#include <vector>

#include "base/count.h"
#include "base/name.h"
#include "base/time.h"
#include "simulation/arrivals.h"
#include "simulation/distribution.h"
#include "simulation/random.h"

namespace fas::simulation {

// What becomes of the tasks that a scale-in takes away.
enum class ScaleIn {
    kill,     // any of them, with all that it has in hand
    drain,    // any of them, which takes nothing more and has stop_timeout to finish
    protect,  // none that has a message in hand
};

inline constexpr std::array scale_in_names{
    Name{"kill", ScaleIn::kill}, Name{"drain", ScaleIn::drain}, Name{"protect", ScaleIn::protect}};

struct PlantParameters {
    Work work;
    std::int64_t messages_per_task = 1;  // at a time
    // From being asked for to the first message. Fargate's, with an image of a few hundred MB.
    Seconds start_up_median{45};
    Seconds start_up_p95{75};
    ScaleIn scale_in = ScaleIn::kill;
    Seconds stop_timeout{
        30};  // as ECS has it:
              // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
    Seconds visibility_timeout{30};  // until what a killed task had in hand can be received again
    Seconds billed_at_least{60};     // for each task, as Fargate does
    std::optional<Seconds> ends_when_idle;  // tasks end themselves after so long without work
};

// What came of it, in the end.
struct Tally {
    Distribution waits;        // from being sent to the first task that has it in hand
    std::uint64_t done = 0;    // messages
    std::uint64_t killed = 0;  // messages that lost their task to a scale-in
    double work_seconds = 0;   // of messages done
    double task_seconds = 0;   // billed
};

// As they are now.
struct Counts {
    Messages visible;
    Messages in_flight;  // with those whose visibility timeout has not yet passed
    Seconds oldest_age{0};
    Tasks desired;
    Tasks running;
    Tasks pending;
    Tasks busy;              // running, with a message in hand
    std::uint64_t sent = 0;  // since the start
    std::uint64_t received = 0;
    std::uint64_t deleted = 0;
};

class Plant {
  public:
    Plant(const PlantParameters& parameters, Tasks initial, std::uint64_t seed);

    // The moment of the next event; the greatest there is where there is none.
    Seconds next() const;
    void advance();  // lets the next event happen

    // `now` is never before an event that has happened, nor after the next one.
    void send(const Message& message, Seconds now);
    void set_desired(Tasks desired, Seconds now);
    Counts counts(Seconds now) const;

    bool is_empty() const { return queue_.empty() && in_hand_ == 0 && returning_.empty(); }
    // Of tasks started lately, how long it took; nothing where none has started yet.
    Seconds longest_wait_since_last_asked();

    // Ends it: bills the tasks that there still are.
    Tally finish(Seconds now);

  private:
    enum class Event : std::uint8_t { ready, done, stop, idle };
    enum class State : std::uint8_t { gone, starting, running, draining };

    struct Due {
        Seconds at;
        std::uint64_t order;  // of two at one moment, the first that was made
        Event event;
        std::uint32_t task;
        std::uint32_t life;  // of the task; another one: it is gone
        std::uint32_t hand;

        friend bool operator>(const Due& one, const Due& other) {
            return one.at != other.at ? one.at > other.at : one.order > other.order;
        }
    };

    struct Hand {
        Message message;
        bool full = false;
    };

    struct Task {
        State state = State::gone;
        std::uint32_t life = 0;
        std::uint32_t busy = 0;    // full hands
        std::uint32_t period = 0;  // of idleness
        Seconds launched{0};
        std::size_t place = none;       // in there_
        std::size_t free_place = none;  // in free_
        std::vector<Hand> hands;
    };

    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    void add_due(Seconds at, Event event, std::uint32_t task, std::uint32_t hand = 0);
    void launch(Seconds now);
    void take_away(Seconds now);
    void take_away_unprotected(Seconds now);
    void stop(std::uint32_t task, Seconds now);
    void drain(std::uint32_t task, Seconds now);
    void remove_from_service(std::uint32_t task);
    void become_ready(std::uint32_t task, Seconds now);
    void finish_message(std::uint32_t task, std::uint32_t hand, Seconds now);
    void become_idle(std::uint32_t task, Seconds now);
    void end_idle(const Due& due);
    void receive(std::uint32_t task, Seconds now);
    void fill_hands(std::uint32_t task, Seconds now);
    void set_free(std::uint32_t task, bool is_free);

    PlantParameters parameters_;
    Lognormal start_up_;
    Random start_ups_;
    Random choices_;

    Tasks desired_;
    std::vector<Task> tasks_;
    std::vector<std::uint32_t> gone_;   // places of tasks_ to be used again
    std::vector<std::uint32_t> there_;  // starting or running
    std::vector<std::uint32_t> free_;   // running, with an empty hand
    std::int64_t running_ = 0;
    std::int64_t busy_ = 0;
    std::int64_t in_hand_ = 0;  // messages
    std::deque<Message> queue_;
    struct Return {
        Seconds at;
        Message message;
    };
    std::deque<Return> returning_;  // all after the same time, so in order

    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::uint64_t order_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t received_ = 0;
    Seconds longest_wait_{0};
    Tally tally_;
};

}  // namespace fas::simulation
