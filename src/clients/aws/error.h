// AWS's error answers, in each protocol's form, as Errors.
#pragma once

#include <string_view>

#include "base/error.h"
#include "clients/aws/service.h"
#include "reactor/http.h"

namespace fas::clients {

// Whether an answer is an error at all.
inline bool succeeded(const reactor::HttpResponse& response) {
    return response.status >= 200 && response.status < 300;
}

// The remedy that a service's error code asks for. Codes win over the HTTP status, because
// throttling often comes as a 400.
ErrorKind kind_of(std::string_view code, int http_status);

// Never fails: an answer that does not parse gives an Error made from the HTTP status. Of the
// service's text, the message holds the first line, and no more than 500 bytes of it.
// `operation` goes into the message: "GetQueueAttributes".
Error parse_aws_error(const AwsService& service, std::string_view operation,
                      const reactor::HttpResponse& response);

}  // namespace fas::clients
