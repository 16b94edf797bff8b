// A self-signed certificate made for one test, and its file for HttpClientOptions::ca_bundle.
// Needs OpenSSL::SSL.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace fas::test {

template <auto free_function>
struct Free {
    template <class Object>
    void operator()(Object* object) const {
        free_function(object);
    }
};

class TestCertificate {
  public:
    // `names`: as OpenSSL's subjectAltName takes them, "IP:127.0.0.1" or "DNS:other.example".
    explicit TestCertificate(const std::string& names = "IP:127.0.0.1")
        : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
        X509* certificate = certificate_.get();
        X509_set_version(certificate, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_NAME* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(certificate, subject);
        X509_set_pubkey(certificate, key_.get());
        extend(NID_subject_alt_name, names.c_str());
        extend(NID_basic_constraints, "critical,CA:TRUE");
        X509_sign(certificate, key_.get(), EVP_sha256());
        write();
    }
    ~TestCertificate() { std::filesystem::remove(file_); }
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    const std::string& file() const { return file_; }

    // What a server needs to show this certificate. The caller frees it.
    SSL_CTX* new_server_context() const {
        SSL_CTX* context = SSL_CTX_new(TLS_server_method());
        EXPECT_EQ(SSL_CTX_use_certificate(context, certificate_.get()), 1);
        EXPECT_EQ(SSL_CTX_use_PrivateKey(context, key_.get()), 1);
        return context;
    }

  private:
    void extend(int kind, const char* value) {
        const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
        ASSERT_NE(extension, nullptr) << value;
        X509_add_ext(certificate_.get(), extension.get(), -1);
    }

    void write() {
        file_ = (std::filesystem::temp_directory_path() / "fas-test-ca-XXXXXX").string();
        const int descriptor = ::mkstemp(file_.data());
        ASSERT_GE(descriptor, 0) << file_;
        std::FILE* out = ::fdopen(descriptor, "w");
        PEM_write_X509(out, certificate_.get());
        std::fclose(out);
    }

    std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key_;
    std::unique_ptr<X509, Free<X509_free>> certificate_;
    std::string file_;
};

}  // namespace fas::test
