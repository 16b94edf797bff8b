// What a local server, Lambda's runtime API, sends over its connection.
#include <algorithm>

#include "reactor/response_reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::http_response {

namespace {

constexpr std::size_t body_bytes_max = 4096;

struct Outcome {
    bool failed = false;
    bool complete = false;
    reactor::HttpResponse response;
};

Outcome read(std::string_view input, std::size_t piece) {
    reactor::ResponseReader reader(body_bytes_max);
    Outcome outcome;
    for (std::size_t at = 0; at < input.size() && !outcome.failed; at += piece) {
        const auto added = reader.add(input.substr(at, piece));
        if (!added) require_sound(added.error());
        outcome.failed = !added;
    }
    if (!outcome.failed) reader.connection_ended();
    outcome.complete = reader.complete();
    outcome.response = reader.take();
    return outcome;
}

}  // namespace

void check(std::string_view input) {
    const Outcome whole = read(input, std::max<std::size_t>(input.size(), 1));
    require(whole.response.body.size() <= body_bytes_max, "the limit holds");
    if (whole.failed || !whole.complete) return;
    require(whole.response.status >= 200 && whole.response.status <= 999, "it has a final status");
    const Outcome cut = read(input, 1);
    require(!cut.failed && cut.complete, "cuts do not matter");
    require(cut.response.status == whole.response.status, "cuts leave the status");
    require(cut.response.body == whole.response.body, "cuts leave the body");
}

}  // namespace fas::fuzz::http_response
