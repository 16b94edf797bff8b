#include "reactor/trust_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "reactor/amazon_roots.h"
#include "tests/reactor/test_certificate.h"

namespace fas::reactor {
namespace {

using test::TestCertificate;
using testing::HasSubstr;

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

int count(const Result<X509Store>& store) {
    return store ? sk_X509_OBJECT_num(X509_STORE_get0_objects(store->get())) : -1;
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
    const std::string pem_one_ = text_of(one_.file());
    const std::string pem_two_ = text_of(two_.file());
};

TEST_F(BundleTest, GivesEveryCertificateOnce) {
    EXPECT_EQ(count(parse_bundle(pem_one_, "it")), 1);
    EXPECT_EQ(count(parse_bundle(pem_one_ + pem_two_ + pem_one_, "it")), 2);
    EXPECT_EQ(count(parse_bundle(amazon_roots(), "it")), 5);
}

TEST_F(BundleTest, MayHoldOtherThings) {
    const std::string crlf = "# a comment\r\n\r\n";
    const std::string key =
        "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n";
    EXPECT_EQ(count(parse_bundle(crlf + pem_one_ + key + "\n" + pem_two_ + "the end", "it")), 2);
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
    EXPECT_EQ(count(read_bundle(one_.file())), 1);
    expect_bad(read_bundle("/no/such.pem"),
               "the certificates in /no/such.pem cannot be read: No such file or directory");
    expect_bad(read_bundle("/"), "the certificates in / cannot be read: Is a directory");
    expect_bad(read_bundle("/dev/null"), "/dev/null holds no certificate in PEM form");
    expect_bad(read_bundle("/dev/zero"),
               "/dev/zero is larger than 16 MiB: no bundle of certificates");
}

TEST_F(BundleTest, OfTheSystemIsTheFirstThatExists) {
    EXPECT_EQ(count(read_first_bundle({"/no/such.pem", one_.file(), "/no/other.pem"})), 1);
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
