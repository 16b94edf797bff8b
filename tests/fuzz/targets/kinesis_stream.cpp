// What DescribeStreamSummary says of a stream's status.
#include "clients/aws/services/kinesis.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::kinesis_stream {

void check(std::string_view input) {
    const auto status = clients::read_stream_status(answer_of(input));
    if (!status) {
        require_sound(status.error());
        require(status.error().kind == ErrorKind::invalid, "an unusable answer is invalid");
        return;
    }
    require(!status->empty(), "a status says something");
    require(status->size() <= 64 && printable(*status), "and can be shown in a line");
}

}  // namespace fas::fuzz::kinesis_stream
