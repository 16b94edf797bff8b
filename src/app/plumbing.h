// The parts that live as long as the process and that everything else is given: made once, in main.
#pragma once

#include "base/clock.h"
#include "base/environment.h"
#include "base/log.h"
#include "reactor/http_client.h"
#include "reactor/reactor.h"

namespace fas::app {

struct Plumbing {
    explicit Plumbing(Environment process_environment);

    Environment environment;
    Logger log;
    reactor::Reactor reactor;
    reactor::HttpClient http;
    SystemClock clock;
};

}  // namespace fas::app
