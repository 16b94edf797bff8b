#include "reactor/trust_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <filesystem>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include "base/read_file.h"
#include "reactor/lazy_certificates.h"

namespace fas::reactor {

namespace {

// The largest bundles in use have some hundred certificates of about 2 KB.
constexpr std::size_t bundle_bytes_max = std::size_t{16} << 20U;

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeBytes {
    void operator()(void* bytes) const { OPENSSL_free(bytes); }
};

Error bad_bundle(std::string message) {
    return make_error(ErrorKind::invalid, "BadCaBundle", std::move(message));
}

// For OpenSSL, which would ask on the terminal for the password of an encrypted certificate.
int no_password(char*, int, int, void*) { return -1; }

// Other things between certificates are passed over. Nothing at the end, and for one that is cut
// off or encrypted.
std::optional<std::string> next_certificate(BIO* in) {
    unsigned char* bytes = nullptr;
    long size = 0;
    if (PEM_bytes_read_bio(&bytes, &size, nullptr, PEM_STRING_X509_TRUSTED, in, &no_password,
                           nullptr) != 1) {
        return std::nullopt;
    }
    const std::unique_ptr<unsigned char, FreeBytes> owner(bytes);
    return std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool reached_end() {
    const unsigned long last = ERR_peek_last_error();
    return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
}

}  // namespace

Result<X509Store> parse_bundle(std::string_view pem, std::string_view name) {
    X509Store store(X509_STORE_new());
    const std::unique_ptr<BIO, FreeBio> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!store || !in) throw std::bad_alloc();
    // A bundle may hold an intermediate certificate, or the server's own: believe in that too, as
    // libcurl does.
    X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);

    ERR_clear_error();
    auto certificates = std::make_unique<LazyCertificates>();
    while (auto der = next_certificate(in.get())) {
        if (!certificates->add(std::move(*der))) break;
    }
    const bool complete = reached_end();
    ERR_clear_error();
    if (!complete) {
        return bad_bundle(
            fmt::format("certificate {} in {} cannot be read", certificates->size() + 1, name));
    }
    if (certificates->size() == 0) {
        return bad_bundle(fmt::format("{} holds no certificate in PEM form", name));
    }
    LazyCertificates::give_to(store.get(), std::move(certificates));
    return store;
}

Result<X509Store> read_bundle(const std::string& file) {
    const auto pem = read_file(file, bundle_bytes_max);
    if (pem) return parse_bundle(*pem, file);
    if (pem.error() == std::errc::file_too_large) {
        return bad_bundle(fmt::format("{} is larger than {} MiB: no bundle of certificates", file,
                                      bundle_bytes_max >> 20U));
    }
    return bad_bundle(
        fmt::format("the certificates in {} cannot be read: {}", file, pem.error().message()));
}

Result<X509Store> read_first_bundle(const std::vector<std::string>& files) {
    std::error_code ignored;  // what cannot be looked at is not there
    for (const std::string& file : files) {
        if (std::filesystem::exists(file, ignored)) return read_bundle(file);
    }
    return bad_bundle(
        fmt::format("this system has no bundle of certificates (looked for {}); install its "
                    "ca-certificates, or name a bundle",
                    fmt::join(files, ", ")));
}

Result<X509_STORE*> TrustStore::get() {
    if (!store_) {
        Result<X509Store> read = read_();
        if (!read) return read.error();
        store_ = std::move(*read);
    }
    return store_.get();
}

}  // namespace fas::reactor
