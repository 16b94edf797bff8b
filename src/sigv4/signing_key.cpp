#include "sigv4/signing_key.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace fas::sigv4 {

HmacSha256 derive_signing_key(const Secret& secret, std::string_view date, std::string_view region,
                              std::string_view service) {
    std::string secret_key;
    secret_key.reserve(4 + secret.reveal().size());  // growing would leave a copy behind
    secret_key.append("AWS4").append(secret.reveal());
    Digest key = HmacSha256(secret_key)(date);
    OPENSSL_cleanse(secret_key.data(), secret_key.size());

    key = HmacSha256(as_text(key))(region);
    key = HmacSha256(as_text(key))(service);
    key = HmacSha256(as_text(key))("aws4_request");
    return HmacSha256(as_text(key));
}

const HmacSha256& SigningKeyCache::get(const Secret& secret, std::string_view date,
                                       std::string_view region, std::string_view service) {
    if (date != date_) {
        entries_.clear();
        date_ = date;
    }
    const Digest secret_hash = sha256(secret.reveal());
    const auto known = std::ranges::find_if(entries_, [&](const Entry& entry) {
        return entry.secret_hash == secret_hash && entry.region == region &&
               entry.service == service;
    });
    if (known != entries_.end()) return known->key;

    if (entries_.size() == capacity) entries_.erase(entries_.begin());
    entries_.push_back({secret_hash, std::string(region), std::string(service),
                        derive_signing_key(secret, date, region, service)});
    return entries_.back().key;
}

}  // namespace fas::sigv4
