#include "reactor/http.h"

#include <algorithm>

namespace fas::reactor {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    for (const HttpHeader& header : headers) {
        if (std::ranges::equal(header.name, name, same)) return header.value;
    }
    return {};
}

}  // namespace fas::reactor
