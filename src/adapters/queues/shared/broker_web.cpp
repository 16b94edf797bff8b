#include "adapters/queues/shared/broker_web.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace fas::adapters {

namespace {

constexpr std::chrono::minutes description_age_max{5};

// A standby refuses connections, and a broker that changes places with it may answer with a 503.
bool other_place_may_answer(const Error& error) { return error.kind == ErrorKind::retryable; }

}  // namespace

BrokerWeb::BrokerWeb(clients::AwsAccount& account, BrokerAccess access)
    : account_(account), access_(std::move(access)) {
    if (access_.broker_id.empty()) add_place(access_.url);
}

void BrokerWeb::add_place(const std::string& url) {
    clients::WebAccess web{.url = url,
                           .user = access_.username,
                           .password = access_.password,
                           .ca_file = access_.ca_file};
    while (web.url.ends_with('/')) web.url.pop_back();
    places_.push_back({origin_of(url), {account_.context.http, std::move(web)}});
}

reactor::Task<Result<void>> BrokerWeb::find(reactor::Scope scope) {
    auto broker = co_await account_.mq.get().describe_broker(access_.broker_id, std::move(scope));
    if (!broker) co_return broker.error();
    if (broker->engine != access_.engine) {
        const bool rabbitmq = broker->engine == clients::MqEngine::rabbitmq;
        co_return Error{.kind = ErrorKind::invalid,
                        .message = fmt::format("it is a broker of {}: set queue_type to {}",
                                               rabbitmq ? "RabbitMQ" : "ActiveMQ",
                                               rabbitmq ? "rabbitmq" : "amq"),
                        .service = "MQ",
                        .code = "OtherEngine"};
    }
    if (broker->console_urls.empty()) {
        co_return Error{
            .kind = ErrorKind::retryable,
            .message = fmt::format("it has no console yet (its state is {})", broker->state),
            .service = "MQ",
            .code = "NoConsole"};
    }
    places_.clear();
    current_ = 0;
    for (const std::string& url : broker->console_urls) add_place(url);
    described_ = std::move(*broker);
    described_at_ = reactor::now();
    co_return Result<void>{};
}

reactor::Task<Result<reactor::HttpResponse>> BrokerWeb::send(clients::WebRequest request,
                                                             bool with_origin,
                                                             reactor::Scope scope) {
    const bool by_id = !access_.broker_id.empty();
    const auto age = reactor::now() - described_at_;
    if (by_id && (places_.empty() || age > description_age_max)) {
        const auto found = co_await find(scope);
        if (!found) co_return found.error();
    }
    std::optional<Error> failure;
    for (std::size_t tried = 0; tried < places_.size(); ++tried) {
        Place& place = places_[current_];
        clients::WebRequest copy = request;
        if (with_origin) copy.headers.push_back({"Origin", place.origin});
        auto response = co_await place.endpoint.send(std::move(copy), scope);
        if (response || !other_place_may_answer(response.error())) co_return response;
        current_ = (current_ + 1) % places_.size();
        if (!failure) {
            failure = std::move(response.error());
        } else {
            failure->message += "; " + response.error().message;
        }
    }
    if (by_id) {
        places_.clear();
        failure->message += fmt::format(" (Amazon MQ calls the broker {})", described_->state);
    }
    co_return *failure;
}

}  // namespace fas::adapters
