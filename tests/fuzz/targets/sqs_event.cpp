// The event of a function that an SQS queue triggers.
#include "app/sqs_event.h"

#include "json/reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::sqs_event {

void check(std::string_view input) {
    const auto messages = app::read_sqs_event(std::string{input});
    if (!messages) return;
    require(!messages->empty(), "an event without messages is none of SQS");
    std::vector<std::string> ids;
    for (const app::SameMessages& same : app::group_by_body(*messages)) {
        require(!same.ids.empty(), "each group has a message");
        ids.insert(ids.end(), same.ids.begin(), same.ids.end());
    }
    require(ids.size() == messages->size(), "grouping loses no message");
    const auto result = json::parse(app::batch_result(ids), {.bytes_max = std::size_t{1} << 30U});
    require(result.has_value(), "the result is JSON");
    const auto failures = result->root().find("batchItemFailures");
    require(failures && failures->items().size() == ids.size(), "it names every message");
}

}  // namespace fas::fuzz::sqs_event
