// The row for the table of a kind whose server may have a certificate of a private authority.
#pragma once

#include "base/option.h"
#include "engine/sources/plain_text.h"

namespace fas::engine {

constexpr Option ca_file_option(const char* variable) {
    return {.key = "ca_file",
            .variable = variable,
            .description =
                "A PEM file with the authorities that the server's certificate is "
                "believed on; without one, the system's.",
            .type = plain_text};
}

}  // namespace fas::engine
