// What is asked of Jolokia about an ActiveMQ queue, and what its answer says. Pure.
// https://jolokia.org/reference/html/manual/jolokia_protocol.html
#pragma once

#include <string>

#include "base/result.h"
#include "reactor/http.h"
#include "scaling/observation.h"

namespace fas::adapters {

struct AmqQueue {
    std::string broker_name;  // empty: the one that the server has
    std::string name;
};

// The queue's MBean. ActiveMQ writes some characters of names differently, so that two queues may
// have the name of one MBean; the answer tells which one it is.
std::string queue_mbean(const AmqQueue& queue);

// The question, as the body of a POST and as what follows Jolokia's address in a GET.
std::string jolokia_body(const AmqQueue& queue);
std::string jolokia_path(const AmqQueue& queue);

// Whether the question was refused for the method that it came by: Jolokia's policy may allow POST
// alone, or GET alone, and so may a proxy.
bool refuses_method(const reactor::HttpResponse& response);

// Jolokia says in a body of HTTP 200 that something is wrong. QueueSize counts what consumers were
// sent and did not acknowledge; that is in flight, and not visible. Errors: not_found (ActiveMQ
// makes a queue when it is first used), denied (by Jolokia's policy), retryable (the server's own
// trouble), throttled (a status of 429), invalid "UnusableAnswer", "SeveralBrokers" and
// "OtherQueue".
Result<scaling::QueueDepth> read_jolokia_answer(const reactor::HttpResponse& response,
                                                const AmqQueue& queue);

}  // namespace fas::adapters
