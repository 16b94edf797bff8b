// What DescribeBroker says: the broker's password goes to the addresses in it.
#include "base/web_url.h"
#include "clients/aws/services/mq.h"
#include "clients/brokers/web_endpoint.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::mq_broker {

void check(std::string_view input) {
    const auto broker = clients::read_broker(answer_of(input));
    if (!broker) {
        require_sound(broker.error());
        require(broker.error().kind == ErrorKind::invalid, "an unusable answer is invalid");
        return;
    }
    require(!broker->state.empty(), "its state is known");
    require(broker->state.size() <= 64 && printable(broker->state), "and can be shown in an error");
    require(broker->console_urls.size() <= 16, "a broker has few instances");
    for (const std::string& url : broker->console_urls) {
        require(url.starts_with("https://"), "a password is sent over TLS alone");
        require(is_web_base(url), "an address is one");
        require(!url.ends_with('/'), "a path can be appended");
    }
}

}  // namespace fas::fuzz::mq_broker
