#include "reactor/wakeup.h"

namespace fas::reactor {

void ReadyNode::unlink() {
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = this;
}

void ReadyNode::insert_before(ReadyNode& other) {
    previous_ = other.previous_;
    next_ = &other;
    previous_->next_ = this;
    other.previous_ = this;
}

ReadyQueue::ReadyQueue(uv_loop_t* loop) : no_waiting_(new uv_idle_t{}) {
    uv_idle_init(loop, no_waiting_.get());
}

void ReadyQueue::push(ReadyNode& node, std::coroutine_handle<> coroutine) {
    node.coroutine_ = coroutine;
    node.insert_before(head_);
    uv_idle_start(no_waiting_.get(), [](uv_idle_t*) {});
}

void ReadyQueue::resume_all() {
    // A marker ends this round. Nodes stay in the one list, so that a coroutine which destroys
    // another takes it out wherever it is.
    end_of_round_.insert_before(head_);
    while (head_.next_ != &end_of_round_) {
        ReadyNode& first = *head_.next_;
        first.unlink();
        first.coroutine_.resume();
    }
    end_of_round_.unlink();
    if (empty()) uv_idle_stop(no_waiting_.get());
}

void Wakeup::wake() {
    if (woken_) return;
    woken_ = true;
    if (waiting_) queue_.push(node_, waiting_);
}

}  // namespace fas::reactor
