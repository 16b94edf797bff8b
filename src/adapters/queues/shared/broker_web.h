// The web server of a message broker: at an address that was given, or at the consoles that Amazon
// MQ has for it. What the sources amq and rabbitmq have in common. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/queues/shared/broker_rows.h"
#include "clients/aws/account.h"
#include "clients/aws/services/mq.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

class BrokerWeb {
  public:
    // The account must outlive it.
    BrokerWeb(clients::AwsAccount& account, BrokerAccess access);

    // As WebEndpoint::send(). Of a pair's consoles the one that answered last is asked first, and
    // the other where that fails. What Amazon MQ said is kept for five minutes, and asked for
    // again once no console answers. Errors: as WebEndpoint::send(); those of
    // MqClient::describe_broker(), whose service is "MQ"; invalid "OtherEngine", retryable
    // "NoConsole". `with_origin`: send the address as the request's Origin too.
    reactor::Task<Result<reactor::HttpResponse>> send(clients::WebRequest request, bool with_origin,
                                                      reactor::Scope scope);

    // What Amazon MQ said of the broker, if it was ever asked.
    const std::optional<clients::MqBroker>& described() const { return described_; }

  private:
    struct Place {
        std::string origin;
        clients::WebEndpoint endpoint;
    };

    reactor::Task<Result<void>> find(reactor::Scope scope);
    void add_place(const std::string& url);

    clients::AwsAccount& account_;
    BrokerAccess access_;
    std::vector<Place> places_;
    std::size_t current_ = 0;  // the one that answered last
    std::optional<clients::MqBroker> described_;
    SteadyTime described_at_;
};

}  // namespace fas::adapters
