// The parts that live as long as the process and that everything else is given: made once, in main.
#pragma once

#include <cstddef>

#include "app/trouble_log.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/log.h"
#include "base/output.h"
#include "reactor/http_client.h"
#include "reactor/reactor.h"

namespace fas::app {

// Some thousand lines: a reader that pauses for a while misses nothing.
constexpr std::size_t output_bytes_max = std::size_t{1} << 20U;

struct Plumbing {
    // `waiting_output_max`: bytes that wait for a reader, of stdout and of stderr.
    explicit Plumbing(Environment process_environment,
                      std::size_t waiting_output_max = output_bytes_max);

    Environment environment;
    Output out;
    Output err;
    Logger log;  // on err
    TroubleLog troubles{log};
    reactor::Reactor reactor;
    reactor::HttpClient http;
    SystemClock clock;
};

}  // namespace fas::app
