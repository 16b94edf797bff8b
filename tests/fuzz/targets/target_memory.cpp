// What was kept of a target's memory is foreign by the time it is read.
#include "adapters/stores/memory_json.h"
#include "json/reader.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::target_memory {

namespace {

std::string written(const scaling::Memory& memory) {
    JsonWriter json;
    adapters::write_memory(json, memory);
    return json.take();
}

}  // namespace

void check(std::string_view input) {
    const auto document = json::parse(input, {.bytes_max = std::size_t{1} << 20U});
    if (!document) return;
    const auto memory = adapters::read_memory(document->root());
    if (!memory) {
        require_sound(memory.error());
        require(memory.error().kind == ErrorKind::invalid, "a bad memory is invalid");
        return;
    }
    const std::string text = written(*memory);
    const auto again = json::parse(text, {.bytes_max = std::size_t{4} << 20U});
    require(again.has_value(), "a memory is JSON");
    const auto same = adapters::read_memory(again->root());
    require(same.has_value() && *same == *memory, "what is read is what was written");
}

}  // namespace fas::fuzz::target_memory
