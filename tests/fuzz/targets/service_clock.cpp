// The clock that services' Date headers set: whatever they say, it stays a time that can be signed.
#include "clients/aws/service_clock.h"

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::service_clock {

namespace {

class StandingClock final : public Clock {
  public:
    TimePoint now() const override { return *from_epoch_seconds(1'700'000'000); }
};

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    const StandingClock local;
    clients::ServiceClock clock{local};
    const bool changed = clock.learn(answer, local.now());
    require(changed == (clock.now() != local.now()), "it says when it has changed");
    require(!clock.learn(answer, local.now()), "the same answer teaches nothing new");
    if (!changed) return;
    require(clock.now() == parse_http_date(answer.header("date")), "it is the service's time");
    require(parse_iso8601(to_iso8601(clock.now())) == clock.now(), "it can be written");
}

}  // namespace fas::fuzz::service_clock
