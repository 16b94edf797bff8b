#include "reactor/lazy_certificates.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <new>
#include <optional>
#include <utility>

namespace fas::reactor {

namespace {

struct FreeX509 {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

// Goes through DER, value by value.
class Der {
  public:
    explicit Der(const std::string& text)
        : at_(reinterpret_cast<const unsigned char*>(text.data())), end_(at_ + text.size()) {}

    // Steps into the next value, which must be of this tag.
    bool enter(int tag) {
        const auto found = next();
        if (!found || found->tag != tag) return false;
        at_ = found->content;
        end_ = found->end;
        return true;
    }

    // Steps over the next value. False when it is another's.
    bool skip(int tag) {
        const auto found = next();
        if (!found || found->tag != tag) return false;
        at_ = found->end;
        return true;
    }

    const unsigned char* at() const { return at_; }
    long left() const { return end_ - at_; }

  private:
    struct Value {
        int tag;  // -1 for one of a context's own
        const unsigned char* content;
        const unsigned char* end;
    };

    std::optional<Value> next() const {
        const unsigned char* content = at_;
        long length = 0;
        int tag = 0;
        int tag_class = 0;
        const int form = ASN1_get_object(&content, &length, &tag, &tag_class, left());
        if ((form & 0x80) != 0 || length > end_ - content) return std::nullopt;
        return Value{tag_class == V_ASN1_UNIVERSAL ? tag : -1, content, content + length};
    }

    const unsigned char* at_;
    const unsigned char* end_;
};

// https://www.rfc-editor.org/rfc/rfc5280#section-4.1
X509_NAME* read_subject(const std::string& certificate) {
    Der der{certificate};
    constexpr int context_tag = -1;
    if (!der.enter(V_ASN1_SEQUENCE) || !der.enter(V_ASN1_SEQUENCE)) return nullptr;
    der.skip(context_tag);                                    // the version, which may be absent
    const bool before_subject = der.skip(V_ASN1_INTEGER) &&   // the serial number
                                der.skip(V_ASN1_SEQUENCE) &&  // the signature's algorithm
                                der.skip(V_ASN1_SEQUENCE) &&  // the issuer
                                der.skip(V_ASN1_SEQUENCE);    // the validity
    if (!before_subject) return nullptr;
    const unsigned char* at = der.at();
    return d2i_X509_NAME(nullptr, &at, der.left());
}

}  // namespace

bool LazyCertificates::add(std::string der) {
    std::unique_ptr<X509_NAME, FreeName> subject{read_subject(der)};
    if (!subject) return false;
    entries_.push_back({std::move(subject), std::move(der)});
    return true;
}

void LazyCertificates::give_to(X509_STORE* store, std::unique_ptr<LazyCertificates> certificates) {
    // Made once and never freed: stores of the whole process share it.
    static X509_LOOKUP_METHOD* const method = [] {
        X509_LOOKUP_METHOD* made = X509_LOOKUP_meth_new("certificates read when needed");
        if (made == nullptr) throw std::bad_alloc();
        X509_LOOKUP_meth_set_get_by_subject(made, &LazyCertificates::find);
        X509_LOOKUP_meth_set_free(made, &LazyCertificates::free);
        return made;
    }();
    X509_LOOKUP* lookup = X509_STORE_add_lookup(store, method);
    if (lookup == nullptr) throw std::bad_alloc();
    X509_LOOKUP_set_method_data(lookup, certificates.release());
}

// Called when the store has no certificate of that subject yet: it has all of them afterwards.
int LazyCertificates::find(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* subject,
                           X509_OBJECT* found) {
    if (type != X509_LU_X509) return 0;
    const auto* self = static_cast<const LazyCertificates*>(X509_LOOKUP_get_method_data(lookup));
    X509* certificate = self->load(subject, X509_LOOKUP_get_store(lookup));
    if (certificate == nullptr || X509_OBJECT_set1_X509(found, certificate) != 1) return 0;
    X509_free(certificate);  // OpenSSL takes what a lookup finds for the store's, and frees nothing
    return 1;
}

// The first of that subject, which the store owns. One that cannot be read is not there.
X509* LazyCertificates::load(const X509_NAME* subject, X509_STORE* store) const {
    X509* first = nullptr;
    for (const Entry& entry : entries_) {
        if (X509_NAME_cmp(entry.subject.get(), subject) != 0) continue;
        const auto* at = reinterpret_cast<const unsigned char*>(entry.der.data());
        const std::unique_ptr<X509, FreeX509> certificate{
            d2i_X509_AUX(nullptr, &at, static_cast<long>(entry.der.size()))};
        if (!certificate || X509_STORE_add_cert(store, certificate.get()) != 1) continue;
        if (first == nullptr) first = certificate.get();
    }
    ERR_clear_error();
    return first;
}

void LazyCertificates::free(X509_LOOKUP* lookup) {
    delete static_cast<LazyCertificates*>(X509_LOOKUP_get_method_data(lookup));
}

}  // namespace fas::reactor
