// The certificates that servers are believed by, as OpenSSL wants them.
#pragma once

#include <openssl/x509.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fas::reactor {

struct FreeX509Store {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using X509Store = std::unique_ptr<X509_STORE, FreeX509Store>;

// Every certificate of `pem`, whose text around them is passed over. What is called a certificate
// and has no certificate's form fails the whole; so does there being none. Each is read in full
// when it is first needed: one that cannot be then is not believed in. Errors: invalid
// "BadCaBundle", which calls the certificates by `name`.
Result<X509Store> parse_bundle(std::string_view pem, std::string_view name);

// A PEM file. Errors: invalid "BadCaBundle", which names the file.
Result<X509Store> read_bundle(const std::string& file);

// The first of `files` that exists. Errors: as above, and when there is none of them.
Result<X509Store> read_first_bundle(const std::vector<std::string>& files);

// A bundle that is read when it is first needed, and shared by all connections. One thread.
class TrustStore {
  public:
    using Read = std::function<Result<X509Store>()>;

    explicit TrustStore(Read read) : read_(std::move(read)) {}

    // Lives as long as this object. Errors: those of reading; the next call tries again.
    Result<X509_STORE*> get();

  private:
    Read read_;
    X509Store store_;
};

}  // namespace fas::reactor
