// The web server of a message broker: at an address that was given, or at the consoles that Amazon
// MQ has for it. What the sources amq and rabbitmq have in common. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/option.h"
#include "clients/aws_account.h"
#include "clients/mq.h"
#include "clients/web_endpoint.h"

namespace fas::engine {

// Without control characters, 1 to 255 bytes: names of queues and users, and passwords.
constexpr std::string_view broker_text_pattern = R"(^[^\u0000-\u001f\u007f]{1,255}$)";
bool is_broker_text(std::string_view text);

// An Amazon MQ broker's id, "b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9".
constexpr std::string_view broker_id_pattern = "^b-[0-9A-Za-z-]{1,60}$";
bool is_broker_id(std::string_view text);

// Every byte but A-Z a-z 0-9 - _ . ~ as %XX.
std::string percent_encoded(std::string_view text);

struct BrokerAccess {
    std::string broker_id;  // empty: url says where
    std::string url;
    clients::MqEngine engine = clients::MqEngine::activemq;  // what broker_id must be
    std::string username;
    Secret password;
    std::string ca_file;

    // For people: the id, or the host.
    std::string name() const;
};

// What is wrong with options of the keys broker_id, username, password and secrets_over_http, and
// of `url_key`, whose value makes the URL.
std::optional<OptionProblem> broker_access_problem(const Options& options,
                                                   const BrokerAccess& access,
                                                   std::string_view url_key,
                                                   std::string_view region);

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

}  // namespace fas::engine
