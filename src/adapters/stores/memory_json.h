// A target's memory as JSON, as it is kept between processes and as `decide` takes and gives it:
//     {"version": 1, "readings": {"failures": 2, ...}, "behavior": {"highest": [[F, L, 5]], ...}}
// Times are microseconds since the epoch, so that what is read is what was written, to the last
// digit.
#pragma once

#include "base/json_writer.h"
#include "base/result.h"
#include "json/reader.h"
#include "scaling/judge.h"

namespace fas::adapters {

void write_memory(JsonWriter& json, const scaling::Memory& memory);

// Errors: invalid, saying what is wrong: no object, a version that is not known, a member that is
// not what write_memory() would write, far too much of it. Nothing of such a memory is used.
Result<scaling::Memory> read_memory(const json::Value& value);

}  // namespace fas::adapters
