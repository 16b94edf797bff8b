// What a message broker with a web server can be told, of where it is and how it knows us: what the
// sources amq and rabbitmq have in common in their rows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/queues/shared/web_rows.h"
#include "base/error.h"
#include "base/row.h"
#include "base/secret.h"
#include "base/web_url.h"
#include "clients/aws/services/mq.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

// Of a queue, a virtual host, a user.
inline constexpr Text broker_name{{R"(^[^\u0000-\u001f\u007f-\u009f]{1,255}$)",
                                   [](std::string_view text) { return is_plain_name(text, 255); }},
                                  "UTF-8 without control characters, of 255 bytes at most"};

inline constexpr Text broker_url{{web_base_pattern, is_web_base},
                                 "an http or https URL without a query"};

bool is_broker_id(std::string_view text);

// Of a URL the scheme, host and port.
std::string origin_of(std::string_view url);

struct BrokerAccess {
    std::string broker_id;  // empty: url says where
    std::string url;
    clients::MqEngine engine = clients::MqEngine::activemq;  // what broker_id must be
    std::string username;
    Secret password;
    std::string ca_file;
    bool secrets_over_http = false;

    // For people: the id, or the host.
    std::string name() const;
};

template <auto... access>
inline constexpr Row broker_id_row{
    "broker_id",
    Text{{"^b-[0-9A-Za-z-]{1,60}$", is_broker_id},
         "an id such as b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9"},
    field<access..., &BrokerAccess::broker_id>,
    "An Amazon MQ broker's id, in place of an address; DescribeBroker says where its console is.",
    Need::absent,
    Example{"b-1234a5b6-78cd-901e-2fab-3c45d6e178f9"}};

// How it knows us, of the BrokerAccess at the end of that path.
template <auto... access>
constexpr std::array<Row, 4> broker_rows(std::string_view username_says) {
    return {Row{"username", broker_name, field<access..., &BrokerAccess::username>, username_says,
                Need::required, Example{"autoscaler"}},
            password_row<access..., &BrokerAccess::password>(Need::required),
            ca_file_row<access..., &BrokerAccess::ca_file>,
            secrets_over_http_row<access..., &BrokerAccess::secrets_over_http>};
}

// What is wrong with these. `url_key`: whose value makes the URL.
std::optional<Clash> broker_clash(const BrokerAccess& access, std::string_view url_key);

// For a source's errors: what to do about one of Amazon MQ's, or about a certificate; empty for
// others.
std::string_view broker_advice(const Error& error);

}  // namespace fas::adapters
