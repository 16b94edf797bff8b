#include "base/crc32.h"

namespace fas {

std::uint32_t crc32(std::string_view bytes) {
    constexpr std::uint32_t reflected_polynomial = 0xedb88320U;
    std::uint32_t crc = ~0U;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            const std::uint32_t carry = crc & 1U;
            crc = (crc >> 1U) ^ (reflected_polynomial & (0U - carry));
        }
    }
    return ~crc;
}

}  // namespace fas
