// The event of an SQS queue that triggers the function: several messages, each an event of its own.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fas::app {

struct SqsMessage {
    std::string id;
    std::string body;
};

// Nothing when the event is of another kind, or no JSON.
std::optional<std::vector<SqsMessage>> read_sqs_event(const std::string& event);

// Messages that ask for the same, in the order of their first. A tick that had to wait asks for
// nothing that the next one does not.
struct SameMessages {
    std::string body;
    std::vector<std::string> ids;
};
std::vector<SameMessages> group_by_body(std::vector<SqsMessage> messages);

// The result that makes SQS keep these messages, and these alone, for another try; the event source
// mapping must have ReportBatchItemFailures.
std::string batch_result(const std::vector<std::string>& failed_ids);

}  // namespace fas::app
