// The CRC-32 of zip, PNG and Ethernet (reflected, polynomial 0x04C11DB7), without a table: for a
// few kilobytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace fas {

std::uint32_t crc32(std::string_view bytes);

}  // namespace fas
