// OpenSSL 3 deprecates its plain SHA-256 functions in favour of EVP, which chooses an
// implementation at run time. Here the plain ones are right: they cannot fail (sign() has no error
// to return), their state is a value on the stack that is copied by assignment, and for messages of
// a request's size they take three quarters of EVP's time. The price: no FIPS provider is ever
// consulted.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "sigv4/digest.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>

namespace fas::sigv4 {
namespace {

// Computed and not looked up, which the compiler can do for many digits at a time.
constexpr char hex_digit(int nibble) {
    return static_cast<char>(nibble + (nibble < 10 ? '0' : 'a' - 10));
}

}  // namespace

std::string_view as_text(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

HexDigest to_hex(const Digest& digest) {
    HexDigest hex;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        hex[2 * i] = hex_digit(digest[i] >> 4);
        hex[2 * i + 1] = hex_digit(digest[i] & 15);
    }
    return hex;
}

Sha256::Sha256() { SHA256_Init(&state_); }

void Sha256::update(std::string_view text) { SHA256_Update(&state_, text.data(), text.size()); }

Digest Sha256::finish() {
    Digest digest;
    SHA256_Final(digest.data(), &state_);
    return digest;
}

Digest sha256(std::string_view text) {
    Sha256 hash;
    hash.update(text);
    return hash.finish();
}

std::string sha1_hex(std::string_view text) {
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += hex_digit(byte >> 4);
        hex += hex_digit(byte & 0xf);
    }
    return hex;
}

// RFC 2104: H((key ^ opad) || H((key ^ ipad) || message)), the key filled up with zeros to a block,
// or hashed first when it is longer than one.
HmacSha256::HmacSha256(std::string_view key) {
    Digest hashed_key;
    if (key.size() > SHA256_CBLOCK) {
        hashed_key = sha256(key);
        key = as_text(hashed_key);
    }
    std::array<char, SHA256_CBLOCK> block{};
    const std::string_view block_text(block.data(), block.size());
    std::ranges::copy(key, block.begin());

    constexpr char inner_pad = 0x36;
    constexpr char outer_pad = 0x5c;
    for (char& byte : block) byte = static_cast<char>(byte ^ inner_pad);
    inner_.update(block_text);
    for (char& byte : block) byte = static_cast<char>(byte ^ inner_pad ^ outer_pad);
    outer_.update(block_text);
    OPENSSL_cleanse(block.data(), block.size());
}

Digest HmacSha256::operator()(std::string_view message) const {
    Sha256 inner = inner_;
    inner.update(message);
    const Digest inner_digest = inner.finish();
    Sha256 outer = outer_;
    outer.update(as_text(inner_digest));
    return outer.finish();
}

}  // namespace fas::sigv4
