// Somebody else's answer: errors about it, and the first thing that is wrong with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "reactor/http.h"

namespace fas::clients {

// What the server calls the request, for its own people to find: "x-amzn-requestid" or, from S3,
// "x-amz-request-id"; 100 bytes at most. Who gives none has none.
std::string_view request_id(const reactor::HttpResponse& response);

class Answer {
  public:
    // `who` answered, in the sentences: an operation of the service ("GetQueueAttributes"), or a
    // server's name. All three must outlive it.
    Answer(std::string_view service, std::string_view who, const reactor::HttpResponse& response)
        : service_(service), who_(who), response_(&response) {}

    // About this answer, with its status and request id.
    Error error(ErrorKind kind, std::string_view code, std::string message) const;

    // invalid "UnusableAnswer": "GetQueueAttributes answered something unusable: no Attributes".
    Error unusable(std::string_view why) const;

    // Remembers what is wrong. Only the first counts: the rest may come of it.
    void reject(std::string_view why);
    void lacks(std::string_view name);
    const std::optional<Error>& wrong() const { return wrong_; }

    // What was read of it, or the first thing that was wrong.
    template <class T>
    Result<T> give(T value) const {
        if (wrong_) return *wrong_;
        return value;
    }

  private:
    std::string_view service_;
    std::string_view who_;
    const reactor::HttpResponse* response_;
    std::optional<Error> wrong_;
};

}  // namespace fas::clients
