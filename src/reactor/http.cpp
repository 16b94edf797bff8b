#include "reactor/http.h"

#include <algorithm>

#include "base/ascii.h"

namespace fas::reactor {

bool same_header_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

std::string_view HttpResponse::header(std::string_view name) const {
    for (const HttpHeader& header : headers) {
        if (same_header_name(header.name, name)) return header.value;
    }
    return {};
}

}  // namespace fas::reactor
