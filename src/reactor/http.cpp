#include "reactor/http.h"

#include <algorithm>

namespace fas::reactor {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool same_header_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view HttpResponse::header(std::string_view name) const {
    for (const HttpHeader& header : headers) {
        if (same_header_name(header.name, name)) return header.value;
    }
    return {};
}

}  // namespace fas::reactor
