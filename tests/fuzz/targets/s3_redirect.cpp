// S3's redirects: what they name becomes part of a host, so it must be the name of a region.
#include "clients/aws/endpoint.h"
#include "clients/aws/services/s3.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::s3_redirect {

void check(std::string_view input) {
    const reactor::HttpResponse answer = answer_of(input);
    const auto region = clients::region_of_redirect(answer);
    if (!region) return;
    require(answer.status / 100 != 2, "a success redirects nowhere");
    require(region->size() <= 63, "a region is a label of a host");
    require(region->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos,
            "a region holds nothing that leaves its label");
    require(clients::is_region_name(*region), "a region is one");
}

}  // namespace fas::fuzz::s3_redirect
