#include "clients/aws/service_clock.h"

#include <algorithm>
#include <array>

namespace fas::clients {

bool ServiceClock::learn(const reactor::HttpResponse& response, TimePoint sent) {
    constexpr std::chrono::seconds skew_min{240};
    constexpr std::chrono::minutes answer_age_max{15};
    const auto date = parse_http_date(response.header("date"));
    // An answer with an Age comes from a cache, and its Date is that much old.
    if (!date || !response.header("age").empty()) return false;
    const TimePoint local = local_.now();
    if (local - sent > answer_age_max || local < sent) return false;

    TimePoint::duration offset = *date - local;
    if (std::chrono::abs(offset) < skew_min) offset = {};
    const auto change = std::chrono::abs(offset - offset_);
    if (change < skew_min) return false;
    offset_ = offset;
    return true;
}

bool refused_for_its_time(const Error& error) {
    static constexpr std::array<std::string_view, 3> codes{"RequestTimeTooSkewed", "RequestExpired",
                                                           "RequestInTheFuture"};
    if (std::ranges::find(codes, error.code) != codes.end()) return true;
    // The JSON and Query services have one code for every signature they refuse.
    return (error.code == "InvalidSignatureException" || error.code == "SignatureDoesNotMatch") &&
           (error.message.contains("Signature expired") ||
            error.message.contains("Signature not yet current"));
}

}  // namespace fas::clients
