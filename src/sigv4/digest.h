// SHA-256 and HMAC-SHA-256, all the cryptography that signing needs.
//
// The types are values: no allocation, no failure, nothing shared, so any thread may use its own.
// A state that has already swallowed a key is copied where the key would have to be hashed again.
#pragma once

#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>

namespace fas::sigv4 {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
using HexDigest = std::array<char, 2 * SHA256_DIGEST_LENGTH>;

// The bytes of a digest, for as long as the digest lives.
std::string_view as_text(const Digest& digest);
inline std::string_view as_text(const HexDigest& hex) { return {hex.data(), hex.size()}; }

HexDigest to_hex(const Digest& digest);  // lower case

class Sha256 {
  public:
    Sha256();

    void update(std::string_view text);
    Digest finish();  // the last call: the state is used up

  private:
    SHA256_CTX state_;
};

Digest sha256(std::string_view text);

// The SHA-1 of a text, in lower-case hex: it names the files in which the aws command keeps SSO
// logins, and protects nothing.
std::string sha1_hex(std::string_view text);

// An HMAC key, prepared: its two padded blocks are hashed once, for any number of messages.
// Knows the key only as hash states, from which it cannot be recovered.
class HmacSha256 {
  public:
    explicit HmacSha256(std::string_view key);

    Digest operator()(std::string_view message) const;

  private:
    Sha256 inner_;
    Sha256 outer_;
};

}  // namespace fas::sigv4
