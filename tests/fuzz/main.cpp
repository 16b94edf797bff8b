// The program of all fuzz targets, for libFuzzer. Its name says which one runs, fuzz_NAME: whatever
// libFuzzer starts again, it starts by that.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/fuzz.h"

namespace {

const fas::fuzz::Target* chosen = nullptr;

const fas::fuzz::Target* target_of(std::string_view program) {
    for (const fas::fuzz::Target& target : fas::fuzz::targets()) {
        if (program.ends_with(target.name) &&
            program.substr(0, program.size() - target.name.size()).ends_with("/fuzz_")) {
            return &target;
        }
    }
    return nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** argv) {
    chosen = target_of(**argv);
    if (chosen != nullptr) return 0;
    std::fprintf(stderr, "%s: no such fuzz target\n", **argv);
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    chosen->check({reinterpret_cast<const char*>(data), size});
    return 0;
}
