// What a message broker with a web server can be told, of where it is and how it knows us: what the
// sources amq and rabbitmq have in common in their tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/queues/shared/web_options.h"
#include "base/error.h"
#include "base/option.h"
#include "base/secret.h"
#include "base/web_url.h"
#include "clients/aws/services/mq.h"
#include "clients/brokers/web_endpoint.h"

namespace fas::adapters {

// Of a queue, a virtual host, a user.
constexpr TextType broker_name_type{
    .accepted = "UTF-8 without control characters, of 255 bytes at most",
    .pattern = R"(^[^\u0000-\u001f\u007f-\u009f]{1,255}$)",
    .valid = [](std::string_view text) { return is_plain_name(text, 255); }};

constexpr TextType broker_url_type{.accepted = "an http or https URL without a query",
                                   .pattern = web_base_pattern,
                                   .valid = is_web_base};

bool is_broker_id(std::string_view text);

// Rows for a kind's table, each with the variable that the kind gives it.
constexpr Option broker_id_option(const char* variable) {
    return {.key = "broker_id",
            .variable = variable,
            .description =
                "An Amazon MQ broker's id, in place of an address; DescribeBroker says "
                "where its console is.",
            .type = TextType{.accepted = "an id such as b-1234a5b6-78cd-901e-2fgh-3i45j6k178l9",
                             .pattern = "^b-[0-9A-Za-z-]{1,60}$",
                             .valid = is_broker_id}};
}

// Of a URL the scheme, host and port.
std::string origin_of(std::string_view url);

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

// As the options broker_id, username, password and ca_file say.
BrokerAccess broker_access(const Options& options, std::string url, clients::MqEngine engine);

// What is wrong with these, with secrets_over_http, and with `url_key`, whose value makes the URL.
std::optional<OptionProblem> broker_access_problem(const Options& options,
                                                   const BrokerAccess& access,
                                                   std::string_view url_key,
                                                   std::string_view region);

// For a source's errors: what to do about one of Amazon MQ's, or about a certificate; empty for
// others.
std::string_view broker_advice(const Error& error);

}  // namespace fas::adapters
