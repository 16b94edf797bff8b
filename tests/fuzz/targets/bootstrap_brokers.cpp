// What MSK says of its brokers' addresses, for each way to speak to them.
#include "clients/aws/services/msk.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::bootstrap_brokers {

void check(std::string_view input) {
    using clients::MskAccess;
    const reactor::HttpResponse answer = answer_of(input);
    for (const MskAccess access :
         {MskAccess::plaintext, MskAccess::tls, MskAccess::scram, MskAccess::iam}) {
        const auto servers = clients::read_bootstrap_brokers(answer, access);
        if (!servers) {
            require_sound(servers.error());
            require(servers.error().kind == ErrorKind::invalid ||
                        servers.error().kind == ErrorKind::not_found,
                    "an answer is unusable, or has no such brokers");
            continue;
        }
        require(!servers->empty() && servers->size() <= 4096, "addresses are of bounded length");
        require(servers->find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                           "0123456789.-_:,[]") == std::string::npos,
                "addresses are hosts and ports, as in bootstrap_servers");
    }
}

}  // namespace fas::fuzz::bootstrap_brokers
