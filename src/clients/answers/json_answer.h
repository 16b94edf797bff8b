// An answer in JSON, read member by member: the first that is missing, or is not what it must be,
// is the error, and the code that reads says only what it wants.
//
//     JsonAnswer answer{sqs.name, "GetQueueAttributes", response};
//     const JsonPart counts = answer.root().part("Attributes");
//     const Messages visible{counts.written_count("ApproximateNumberOfMessages")};
//     return answer.give(visible);
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "clients/answers/answer.h"
#include "json/reader.h"

namespace fas::clients {

// A value of an answer; a missing one is empty all through. It and the views it gives live no
// longer than the answer.
class JsonPart {
  public:
    JsonPart(Answer& answer, std::optional<json::Value> value) : answer_(&answer), value_(value) {}

    // What must be there; otherwise the answer lacks it. What is given then is empty, or 0.
    JsonPart part(std::string_view name) const;  // of whatever type
    std::vector<json::Value> list(std::string_view name) const;
    std::string_view text(std::string_view name) const;
    std::string_view some_text(std::string_view name) const;  // not empty
    std::int64_t count(std::string_view name) const;          // a whole number, not below 0
    std::int64_t written_count(std::string_view name) const;  // such a one, as a text

    // What may be there, as of a json::Value.
    std::optional<json::Value> find(std::string_view name) const;
    std::string_view text_at(std::string_view name) const;
    std::vector<json::Value> items_at(std::string_view name) const;
    std::optional<std::int64_t> count_at(std::string_view name) const;

  private:
    template <class T>
    T required(std::string_view name, std::optional<T> found) const;

    Answer* answer_;
    std::optional<json::Value> value_;
};

class JsonAnswer : public Answer {
  public:
    // An answer that is no JSON, exceeds the limits, or is no object is wrong as a whole.
    JsonAnswer(std::string_view service, std::string_view who,
               const reactor::HttpResponse& response,
               json::Limits limits = {.bytes_max = std::size_t{64} << 10U, .depth_max = 8});

    JsonPart root();

  private:
    Result<json::Document> document_;
};

}  // namespace fas::clients
