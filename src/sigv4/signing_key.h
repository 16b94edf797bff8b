// The key that signs: derived from the secret for one day, region and service by four HMACs, each
// of which costs as much as hashing a small request. Hence the cache.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "sigv4/digest.h"

namespace fas::sigv4 {

HmacSha256 derive_signing_key(const Secret& secret, std::string_view date, std::string_view region,
                              std::string_view service);

// Remembers the signing keys of one day. It recognises a secret by its hash and keeps no secret
// itself: only keys that end with the day, the region and the service they are for.
// One thread.
class SigningKeyCache {
  public:
    // Enough for a few services in many accounts and regions; beyond it the oldest key is dropped.
    static constexpr std::size_t capacity = 64;

    // The key, derived if it is not known. `date` is UTC, "20150830"; another date than the last
    // call's forgets all keys. The reference holds until the next call.
    const HmacSha256& get(const Secret& secret, std::string_view date, std::string_view region,
                          std::string_view service);

    std::size_t size() const { return entries_.size(); }

  private:
    struct Entry {
        Digest secret_hash;
        std::string region;
        std::string service;
        HmacSha256 key;
    };

    std::string date_;
    std::vector<Entry> entries_;  // oldest first
};

}  // namespace fas::sigv4
