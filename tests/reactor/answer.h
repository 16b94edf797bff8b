// An HTTP answer as a client hands it on, for tests of what is made of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reactor/http.h"

namespace fas::test {

inline reactor::HttpResponse answer(std::string body, int status = 200,
                                    std::vector<reactor::HttpHeader> headers = {}) {
    return {status, std::move(headers), std::move(body)};
}

}  // namespace fas::test
