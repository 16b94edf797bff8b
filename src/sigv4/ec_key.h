// A private key on the curve P-256, by which the holder of a login proves who asks (RFC 9449). A
// value; signing changes nothing, so any thread may.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

struct evp_pkey_st;

namespace fas::sigv4 {

class EcKey {
  public:
    // Of a PEM text, "EC PRIVATE KEY" or "PRIVATE KEY". Errors: invalid, without a word of the
    // text.
    static Result<EcKey> from_pem(const Secret& pem);

    // The public key's coordinates, 32 bytes each.
    const std::string& x() const { return x_; }
    const std::string& y() const { return y_; }

    // ES256: 64 bytes (RFC 7518, section 3.4). Empty where OpenSSL cannot, which is out of memory.
    std::string sign(std::string_view message) const;

  private:
    EcKey() = default;

    std::shared_ptr<evp_pkey_st> key_;
    std::string x_;
    std::string y_;
};

}  // namespace fas::sigv4
