#include "reactor/trust_store.h"

#include <gmock/gmock.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/amazon_roots.h"
#include "reactor/http_client.h"
#include "tests/reactor/test_certificate.h"

namespace fas::reactor {
namespace {

using test::TestCertificate;
using testing::HasSubstr;

std::string contents_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct FreeX509 {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeX509>;

std::vector<Certificate> certificates_in(std::string_view pem) {
    std::vector<Certificate> certificates;
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    while (X509* one = PEM_read_bio_X509(in, nullptr, nullptr, nullptr)) {
        certificates.emplace_back(one);
    }
    BIO_free(in);
    return certificates;
}

// How many of a text's certificates, each signed by itself, are believed by the store's word.
std::size_t believed(const Result<X509Store>& store, std::string_view pem) {
    std::size_t count = 0;
    for (const Certificate& certificate : certificates_in(pem)) {
        X509_STORE_CTX* verification = X509_STORE_CTX_new();
        X509_STORE_CTX_init(verification, store->get(), certificate.get(), nullptr);
        count += X509_verify_cert(verification) == 1 ? 1 : 0;
        X509_STORE_CTX_free(verification);
    }
    return count;
}

void expect_bad(const Result<X509Store>& store, const std::string& message) {
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, ErrorKind::invalid);
    EXPECT_EQ(store.error().code, "BadCaBundle");
    EXPECT_EQ(store.error().message, message);
}

class BundleTest : public testing::Test {
  protected:
    const TestCertificate one_;
    const TestCertificate two_;
    const std::string pem_one_ = contents_of(one_.file());
    const std::string pem_two_ = contents_of(two_.file());
};

TEST_F(BundleTest, IsBelievedInEveryCertificateAndInNoOther) {
    EXPECT_EQ(believed(parse_bundle(pem_one_, "it"), pem_one_), 1U);
    EXPECT_EQ(believed(parse_bundle(pem_one_, "it"), pem_two_), 0U);
    const auto store = parse_bundle(pem_one_ + pem_two_ + pem_one_, "it");
    EXPECT_EQ(believed(store, pem_two_ + pem_one_ + pem_two_), 3U);
    EXPECT_EQ(believed(parse_bundle(amazon_roots(), "it"), amazon_roots()), 5U);
}

// Some of a system's have expired, whatever the bundle says.
TEST_F(BundleTest, OfASystemIsBelievedAsItIsByOpenSslItself) {
    const std::string file = usual_system_bundles().front();
    const std::string pem = contents_of(file);
    X509Store all(X509_STORE_new());
    X509_STORE_set_flags(all.get(), X509_V_FLAG_PARTIAL_CHAIN);
    for (const Certificate& one : certificates_in(pem)) X509_STORE_add_cert(all.get(), one.get());
    const std::size_t by_openssl = believed(std::move(all), pem);
    EXPECT_GT(by_openssl, 100U);
    EXPECT_EQ(believed(read_bundle(file), pem), by_openssl);
}

// The subject is found, so the bundle is taken; the rest is looked at when it is needed.
TEST_F(BundleTest, IsNotBelievedInACertificateThatIsBrokenInside) {
    const Certificate certificate = std::move(certificates_in(pem_one_).front());
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    der[size - 1] ^= 1U;  // of the signature: no longer the same certificate
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio(out, "CERTIFICATE", "", der, size);
    char* text = nullptr;
    const long length = BIO_get_mem_data(out, &text);
    const auto store = parse_bundle({text, static_cast<std::size_t>(length)}, "it");
    BIO_free(out);
    OPENSSL_free(der);
    EXPECT_TRUE(store);
    EXPECT_EQ(believed(store, pem_one_), 0U);
}

TEST_F(BundleTest, MayHoldOtherThings) {
    const std::string crlf = "# a comment\r\n\r\n";
    const std::string key =
        "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n";
    const auto store = parse_bundle(crlf + pem_one_ + key + "\n" + pem_two_ + "the end", "it");
    EXPECT_EQ(believed(store, pem_one_ + pem_two_), 2U);
}

TEST_F(BundleTest, WithoutACertificateIsBad) {
    for (const char* text :
         {"", "\n", "no certificate", "-----BEGIN X-----\neA==\n-----END X-----\n"}) {
        expect_bad(parse_bundle(text, "it"), "it holds no certificate in PEM form");
    }
}

TEST_F(BundleTest, WithOneCertificateThatCannotBeReadIsBad) {
    const std::string cut = pem_two_.substr(0, pem_two_.size() / 2);
    const std::string garbage =
        "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
    const std::string no_base64 = "-----BEGIN CERTIFICATE-----\n****\n-----END CERTIFICATE-----\n";
    for (const std::string& bad : {cut, garbage, no_base64}) {
        expect_bad(parse_bundle(pem_one_ + bad, "it"), "certificate 2 in it cannot be read");
        expect_bad(parse_bundle(bad + pem_one_, "it"), "certificate 1 in it cannot be read");
    }
}

TEST_F(BundleTest, OfAFileIsNamedByIt) {
    EXPECT_EQ(believed(read_bundle(one_.file()), pem_one_), 1U);
    expect_bad(read_bundle("/no/such.pem"),
               "the certificates in /no/such.pem cannot be read: No such file or directory");
    expect_bad(read_bundle("/"), "the certificates in / cannot be read: Is a directory");
    expect_bad(read_bundle("/dev/null"), "/dev/null holds no certificate in PEM form");
    expect_bad(read_bundle("/dev/zero"),
               "the certificates in /dev/zero cannot be read: it is no regular file but a pipe, a "
               "socket or a device");
}

TEST_F(BundleTest, OfTheSystemIsTheFirstThatExists) {
    const auto store = read_first_bundle({"/no/such.pem", one_.file(), "/no/other.pem"});
    EXPECT_EQ(believed(store, pem_one_), 1U);
    expect_bad(read_first_bundle({"/dev/null", one_.file()}),
               "/dev/null holds no certificate in PEM form");
    expect_bad(read_first_bundle({"/no/a.pem", "/no/b.pem"}),
               "this system has no bundle of certificates (looked for /no/a.pem, /no/b.pem); "
               "install its ca-certificates, or name a bundle");
}

TEST_F(BundleTest, IsReadOnceAndOnlyWhenNeeded) {
    int reads = 0;
    TrustStore trust([&] {
        ++reads;
        return read_bundle(one_.file());
    });
    EXPECT_EQ(reads, 0);
    const auto store = trust.get();
    ASSERT_TRUE(store);
    EXPECT_EQ(*trust.get(), *store);
    EXPECT_EQ(reads, 1);
}

TEST_F(BundleTest, ThatWasBadIsReadAgain) {
    std::string file = "/no/such.pem";
    TrustStore trust([&] { return read_bundle(file); });
    EXPECT_FALSE(trust.get());
    file = one_.file();
    EXPECT_TRUE(trust.get());
}

}  // namespace
}  // namespace fas::reactor
