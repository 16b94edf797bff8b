#include "simulation/plant.h"

#include <algorithm>
#include <utility>

namespace fas::simulation {

namespace {

constexpr Seconds never = Seconds::max();

}  // namespace

Plant::Plant(const PlantParameters& parameters, Tasks initial, std::uint64_t seed)
    : parameters_(parameters),
      start_up_(parameters.start_up_median, parameters.start_up_p95),
      start_ups_(seed, Stream::start_ups),
      choices_(seed, Stream::scale_ins),
      desired_(initial) {
    for (std::int64_t i = 0; i < initial.value; ++i) {
        launch(Seconds{0});
        become_ready(there_.back(), Seconds{0});
    }
}

Seconds Plant::next() const {
    const Seconds due = due_.empty() ? never : due_.top().at;
    return returning_.empty() ? due : std::min(due, returning_.front().at);
}

void Plant::advance() {
    if (!returning_.empty() && (due_.empty() || returning_.front().at <= due_.top().at)) {
        const Return back = returning_.front();
        returning_.pop_front();
        queue_.push_front(back.message);
        if (!free_.empty()) receive(free_[choices_.below(free_.size())], back.at);
        return;
    }
    const Due due = due_.top();
    due_.pop();
    if (tasks_[due.task].life != due.life) return;
    switch (due.event) {
        case Event::ready: become_ready(due.task, due.at); break;
        case Event::done: finish_message(due.task, due.hand, due.at); break;
        case Event::stop: stop(due.task, due.at); break;
        case Event::idle: end_idle(due); break;
    }
}

void Plant::add_due(Seconds at, Event event, std::uint32_t task, std::uint32_t hand) {
    due_.push({at, order_++, event, task, tasks_[task].life, hand});
}

void Plant::send(const Message& message, Seconds now) {
    ++sent_;
    queue_.push_back(message);
    if (!free_.empty()) receive(free_[choices_.below(free_.size())], now);
}

void Plant::set_desired(Tasks desired, Seconds now) {
    desired_ = desired;
    while (static_cast<std::int64_t>(there_.size()) < desired.value) {
        launch(now);
        const std::uint32_t task = there_.back();
        add_due(now + start_up_.draw(start_ups_), Event::ready, task);
    }
    take_away(now);
}

// One that starts.
void Plant::launch(Seconds now) {
    if (gone_.empty()) {
        gone_.push_back(static_cast<std::uint32_t>(tasks_.size()));
        tasks_.emplace_back().hands.resize(static_cast<std::size_t>(parameters_.messages_per_task));
    }
    const std::uint32_t place = gone_.back();
    gone_.pop_back();
    Task& task = tasks_[place];
    task.state = State::starting;
    task.launched = now;
    task.place = there_.size();
    there_.push_back(place);
}

void Plant::become_ready(std::uint32_t task, Seconds now) {
    tasks_[task].state = State::running;
    ++running_;
    set_free(task, true);
    fill_hands(task, now);
    if (tasks_[task].busy == 0) become_idle(task, now);
}

void Plant::set_free(std::uint32_t place, bool is_free) {
    Task& task = tasks_[place];
    if (is_free == (task.free_place != none)) return;
    if (is_free) {
        task.free_place = free_.size();
        free_.push_back(place);
        return;
    }
    tasks_[free_.back()].free_place = task.free_place;
    free_[task.free_place] = free_.back();
    free_.pop_back();
    task.free_place = none;
}

void Plant::fill_hands(std::uint32_t task, Seconds now) {
    while (!queue_.empty() && tasks_[task].free_place != none) receive(task, now);
}

// The first message of the queue, by a task that has a hand free.
void Plant::receive(std::uint32_t place, Seconds now) {
    Task& task = tasks_[place];
    const auto hand = std::ranges::find_if(task.hands, [](const Hand& one) { return !one.full; });
    *hand = {queue_.front(), true};
    queue_.pop_front();
    ++received_;
    ++in_hand_;
    if (task.busy++ == 0) ++busy_;
    if (task.busy == task.hands.size()) set_free(place, false);
    if (!hand->message.begun) {
        const Seconds wait = now - hand->message.came;
        tally_.waits.add(wait);
        longest_wait_ = std::max(longest_wait_, wait);
        hand->message.begun = true;
    }
    add_due(now + hand->message.work, Event::done, place,
            static_cast<std::uint32_t>(hand - task.hands.begin()));
}

void Plant::finish_message(std::uint32_t place, std::uint32_t hand, Seconds now) {
    Task& task = tasks_[place];
    task.hands[hand].full = false;
    tally_.work_seconds += task.hands[hand].message.work.count();
    ++tally_.done;
    --in_hand_;
    if (--task.busy == 0) --busy_;
    if (task.state == State::draining) {
        if (task.busy == 0) stop(place, now);
        return;
    }
    set_free(place, true);
    const bool unprotected = parameters_.scale_in == ScaleIn::protect && task.busy == 0;
    if (unprotected && static_cast<std::int64_t>(there_.size()) > desired_.value) {
        stop(place, now);
        return;
    }
    fill_hands(place, now);
    if (task.busy == 0) become_idle(place, now);
}

void Plant::become_idle(std::uint32_t place, Seconds now) {
    if (!parameters_.ends_when_idle) return;
    add_due(now + *parameters_.ends_when_idle, Event::idle, place, ++tasks_[place].period);
}

// One that ends itself lowers the desired count, as a task of its own does that nobody replaces.
void Plant::end_idle(const Due& due) {
    const Task& task = tasks_[due.task];
    if (task.busy > 0 || task.period != due.hand || task.state != State::running) return;
    stop(due.task, due.at);
    desired_ = {static_cast<std::int64_t>(there_.size())};
}

void Plant::take_away(Seconds now) {
    if (parameters_.scale_in == ScaleIn::protect) {
        take_away_unprotected(now);
        return;
    }
    while (static_cast<std::int64_t>(there_.size()) > desired_.value) {
        const std::uint32_t task = there_[choices_.below(there_.size())];
        if (parameters_.scale_in == ScaleIn::drain && tasks_[task].busy > 0) {
            drain(task, now);
        } else {
            stop(task, now);
        }
    }
}

// What has a message in hand goes when it is done.
void Plant::take_away_unprotected(Seconds now) {
    std::vector<std::uint32_t> idle;
    for (const std::uint32_t task : there_) {
        if (tasks_[task].busy == 0) idle.push_back(task);
    }
    while (static_cast<std::int64_t>(there_.size()) > desired_.value && !idle.empty()) {
        const std::size_t chosen = choices_.below(idle.size());
        stop(idle[chosen], now);
        idle[chosen] = idle.back();
        idle.pop_back();
    }
}

void Plant::remove_from_service(std::uint32_t place) {
    Task& task = tasks_[place];
    set_free(place, false);
    if (task.state == State::running) --running_;
    tasks_[there_.back()].place = task.place;
    there_[task.place] = there_.back();
    there_.pop_back();
    task.place = none;
}

void Plant::drain(std::uint32_t place, Seconds now) {
    remove_from_service(place);
    tasks_[place].state = State::draining;
    add_due(now + parameters_.stop_timeout, Event::stop, place);
}

// With all that it has in hand.
void Plant::stop(std::uint32_t place, Seconds now) {
    Task& task = tasks_[place];
    if (task.state != State::draining) remove_from_service(place);
    if (task.busy > 0) --busy_;
    for (Hand& hand : task.hands) {
        if (!std::exchange(hand.full, false)) continue;
        --in_hand_;
        ++tally_.killed;
        returning_.push_back({now + parameters_.visibility_timeout, hand.message});
    }
    tally_.task_seconds += std::max(now - task.launched, parameters_.billed_at_least).count();
    task.busy = 0;
    task.state = State::gone;
    ++task.life;
    gone_.push_back(place);
}

Counts Plant::counts(Seconds now) const {
    return {.visible = {static_cast<std::int64_t>(queue_.size())},
            .in_flight = {in_hand_ + static_cast<std::int64_t>(returning_.size())},
            .oldest_age = queue_.empty() ? Seconds{0} : now - queue_.front().came,
            .desired = desired_,
            .running = {running_},
            .pending = {static_cast<std::int64_t>(there_.size()) - running_},
            .busy = {busy_},
            .sent = sent_,
            .received = received_,
            .deleted = tally_.done};
}

Seconds Plant::longest_wait_since_last_asked() { return std::exchange(longest_wait_, Seconds{0}); }

Tally Plant::finish(Seconds now) {
    for (const Task& task : tasks_) {
        if (task.state == State::gone) continue;
        tally_.task_seconds += std::max(now - task.launched, parameters_.billed_at_least).count();
    }
    for (const Message& message : queue_) {
        if (!message.begun) tally_.waits.add(now - message.came);
    }
    return std::move(tally_);
}

}  // namespace fas::simulation
