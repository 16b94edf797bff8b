#include "clients/aws/services/service_batches.h"

#include <algorithm>
#include <stop_token>

#include "reactor/when_all.h"

namespace fas::clients {

namespace {

// More are not remembered: all are forgotten then, which costs each bad one a failed batch.
constexpr std::size_t asked_alone_max = 10'000;

// Whether one of several services may be why a call for all of them failed. Keys that ECS does not
// accept, an address that is none: these are no service's.
bool may_be_one_services(const Error& error) {
    switch (error.kind) {
        case ErrorKind::denied: return error.code.starts_with("AccessDenied");
        case ErrorKind::invalid: return error.http_status != 0 || error.code == "ResponseTooLarge";
        case ErrorKind::not_found: return true;
        default: return false;
    }
}

using Answers = std::vector<Result<EcsService>>;

// The same error for everybody. No caller's scope has ended, so `cancelled` would mislead.
Answers failed_answers(Error error, std::size_t count) {
    if (error.kind == ErrorKind::cancelled) {
        error.kind = ErrorKind::retryable;
        error.code = "DescribeTimeout";
    }
    Answers answers(count, Result<EcsService>{std::move(error)});
    return answers;
}

}  // namespace

// One call, from its first caller to its last. Shared by those who wait and by what answers them,
// so that it lives as long as either.
struct ServiceBatches::Batch {
    Batch(reactor::Reactor& reactor, std::string of_cluster)
        : cluster(std::move(of_cluster)), answered(reactor) {}

    std::string cluster;
    std::vector<std::string> services;  // each once
    Answers answers;                    // one for each service; empty until there are answers
    reactor::Event answered;
    int callers = 0;  // who wait for it
    bool sent = false;
    std::stop_source stop;
};

// A caller's place, from joining the batch until they have their answer or leave. When the last has
// left, ECS is not asked further: while it throttles, answers for nobody would be in the way of the
// others'.
class ServiceBatches::Place {
  public:
    explicit Place(SharedBatch batch) : batch_(std::move(batch)) { ++batch_->callers; }
    ~Place() {
        if (batch_ == nullptr) return;  // moved from
        const bool last = --batch_->callers == 0;
        if (last && batch_->sent && batch_->answers.empty()) batch_->stop.request_stop();
    }
    Place(Place&&) = default;
    Place& operator=(Place&&) = delete;

    Batch& batch() const { return *batch_; }

  private:
    SharedBatch batch_;
};

ServiceBatches::ServiceBatches(EcsClient& client, reactor::Reactor& reactor,
                               Milliseconds call_limit)
    : client_(client), reactor_(reactor), call_limit_(call_limit) {}

ServiceBatches::~ServiceBatches() = default;

reactor::Task<Result<EcsService>> ServiceBatches::describe(std::string cluster, std::string service,
                                                           reactor::Scope scope) {
    if (scope.over()) co_return cancelled(scope, "before ECS was asked");
    const Place place = join(cluster, service);
    Batch& batch = place.batch();
    const auto at = std::ranges::find(batch.services, service) - batch.services.begin();
    if (batch.answers.empty()) {
        auto waited = co_await batch.answered.wait(std::move(scope));
        if (!waited) co_return waited.error();
    }
    co_return batch.answers[static_cast<std::size_t>(at)];
}

// In the batch that now holds the service. A full one is sent at once, any other in the next turn.
ServiceBatches::Place ServiceBatches::join(const std::string& cluster, const std::string& service) {
    const bool alone = asked_alone_.contains({cluster, service});
    const Company company{cluster, alone ? service : ""};
    SharedBatch& collected = collected_[company];
    if (!collected) collected = std::make_shared<Batch>(reactor_, cluster);
    const SharedBatch batch = collected;
    Place place(batch);
    if (std::ranges::find(batch->services, service) == batch->services.end()) {
        batch->services.push_back(service);
    }
    if (batch->services.size() == EcsClient::services_per_call_max) {
        collected_.erase(company);
        send(batch);
    } else if (!next_turn_.running()) {
        next_turn_.start(send_collected());
    }
    return place;
}

reactor::Task<void> ServiceBatches::send_collected() {
    co_await reactor_.yield();
    for (auto& [company, batch] : std::exchange(collected_, {})) send(std::move(batch));
}

void ServiceBatches::send(SharedBatch batch) {
    if (batch->callers == 0) return;
    batch->sent = true;
    under_way_.remove_if([](const reactor::Background& call) { return !call.running(); });
    under_way_.emplace_back().start(ask(std::move(batch)));
}

reactor::Scope ServiceBatches::scope_of(const Batch& batch) const {
    const reactor::Scope until_stopped{.stop = batch.stop.get_token()};
    return until_stopped.within(call_limit_);
}

// Its scope is no caller's own: one who waits for it may leave.
reactor::Task<void> ServiceBatches::ask(SharedBatch batch) {
    const reactor::Scope scope = scope_of(*batch);
    auto answers = co_await client_.describe_services(batch->cluster, batch->services, scope);
    const std::size_t count = batch->services.size();
    if (answers) {
        batch->answers = std::move(*answers);
        if (count == 1) remember(batch->cluster, batch->services.front(), false);
    } else if (count > 1 && may_be_one_services(answers.error())) {
        co_await ask_each_alone(batch);
    } else {
        batch->answers = failed_answers(std::move(answers.error()), count);
    }
    batch->answered.notify_all();
}

reactor::Task<void> ServiceBatches::ask_each_alone(SharedBatch batch) {
    const reactor::Scope scope = scope_of(*batch);
    std::vector<reactor::Task<Result<Answers>>> calls;
    for (const std::string& service : batch->services) {
        std::vector<std::string> alone(1, service);
        calls.push_back(client_.describe_services(batch->cluster, std::move(alone), scope));
    }
    auto answers = co_await reactor::when_all(std::move(calls));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const bool bad = !answers[i] && may_be_one_services(answers[i].error());
        if (bad) remember(batch->cluster, batch->services[i], true);
        Answers one =
            answers[i] ? std::move(*answers[i]) : failed_answers(std::move(answers[i].error()), 1);
        batch->answers.push_back(std::move(one.front()));
    }
}

void ServiceBatches::remember(const std::string& cluster, const std::string& service, bool alone) {
    if (!alone) {
        asked_alone_.erase({cluster, service});
        return;
    }
    if (asked_alone_.size() == asked_alone_max) asked_alone_.clear();
    asked_alone_.insert({cluster, service});
}

}  // namespace fas::clients
