// State objects, which anyone with access to the bucket may have written.
#include "adapters/stores/action_record.h"

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::action_record {

void check(std::string_view input) {
    const auto record = adapters::read_action_record(input);
    if (!record) {
        require_sound(record.error());
        require(record.error().kind == ErrorKind::invalid, "what is no record is invalid");
        return;
    }
    const scaling::ScalingAction& action = record->action;
    require(!action.backlog || action.backlog->value >= 0, "no fewer than 0 messages");
    require(!action.desired || action.desired->value >= 0, "no fewer than 0 tasks");

    const std::string text = adapters::write_action_record(*record, scaling::Action::scale_out,
                                                           input.substr(0, 8), input.substr(0, 4));
    const auto again = adapters::read_action_record(text);
    require(again.has_value(), "what is written can be read");
    require(std::chrono::abs(again->action.at - action.at) < Milliseconds{1}, "its time is kept");
    require(again->action.backlog == action.backlog, "its messages are kept");
    require(again->action.desired == action.desired, "its tasks are kept");
    require(again->writer == record->writer, "its writer is kept");
}

}  // namespace fas::fuzz::action_record
