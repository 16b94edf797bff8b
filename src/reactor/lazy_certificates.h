// The certificates of a bundle, each made ready when a server's chain first asks for it: to do so
// takes OpenSSL a tenth of a millisecond, most of it for the key, and a chain needs one of them.
#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace fas::reactor {

class LazyCertificates {
  public:
    // `der`: one certificate, with what OpenSSL's TRUSTED CERTIFICATE has behind it if there is
    // that. False when its subject cannot be found: then it is no certificate.
    bool add(std::string der);

    std::size_t size() const { return entries_.size(); }

    // Gives them to the store, which owns them from then on. The store must be used by one thread.
    static void give_to(X509_STORE* store, std::unique_ptr<LazyCertificates> certificates);

  private:
    struct FreeName {
        void operator()(X509_NAME* name) const { X509_NAME_free(name); }
    };
    struct Entry {
        std::unique_ptr<X509_NAME, FreeName> subject;
        std::string der;
    };

    X509* load(const X509_NAME* subject, X509_STORE* store) const;
    static int find(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* subject,
                    X509_OBJECT* found);
    static void free(X509_LOOKUP* lookup);

    std::vector<Entry> entries_;
};

}  // namespace fas::reactor
