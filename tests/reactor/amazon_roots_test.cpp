#include "reactor/amazon_roots.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tests/reactor/test_certificate.h"

namespace fas::reactor {
namespace {

using test::Free;

struct Root {
    std::string name;
    std::string certificate;  // its SHA-256, in hexadecimal
    std::string public_key;

    bool operator==(const Root&) const = default;
};

void PrintTo(const Root& root, std::ostream* out) {
    *out << root.name << ' ' << root.certificate << ' ' << root.public_key;
}

std::string to_hex(const std::array<unsigned char, EVP_MAX_MD_SIZE>& digest, std::size_t size) {
    std::string hex;
    for (std::size_t i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

std::string sha256_of(X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    return to_hex(digest, size);
}

std::string sha256_of_public_key(X509* certificate) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(der, static_cast<std::size_t>(length), digest.data(), &size, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return to_hex(digest, size);
}

std::string common_name(X509* certificate) {
    std::array<char, 100> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    return name.data();
}

std::vector<Root> carried_roots() {
    const std::string_view pem = amazon_roots();
    const std::unique_ptr<BIO, Free<BIO_free>> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::vector<Root> roots;
    while (X509* certificate = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) {
        roots.push_back(
            {common_name(certificate), sha256_of(certificate), sha256_of_public_key(certificate)});
        X509_free(certificate);
    }
    return roots;
}

// The hashes of the public keys are those that https://www.amazontrust.com/repository/ gives.
TEST(AmazonRoots, AreTheFiveThatAmazonTrustServicesPublishes) {
    EXPECT_THAT(carried_roots(),
                testing::ElementsAre(
                    Root{"Amazon Root CA 1",
                         "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
                         "fbe3018031f9586bcbf41727e417b7d1c45c2f47f93be372a17b96b50757d5a2"},
                    Root{"Amazon Root CA 2",
                         "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
                         "7f4296fc5b6a4e3b35d3c369623e364ab1af381d8fa7121533c9d6c633ea2461"},
                    Root{"Amazon Root CA 3",
                         "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
                         "36abc32656acfc645c61b71613c4bf21c787f5cabbee48348d58597803d7abc9"},
                    Root{"Amazon Root CA 4",
                         "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
                         "f7ecded5c66047d28ed6466b543c40e0743abe81d109254dcf845d4c2c7853c5"},
                    Root{"Starfield Services Root Certificate Authority - G2",
                         "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
                         "2b071c59a0a0ae76b0eadb2bad23bad4580b69c3601b630c2eaf0613afa83f92"}));
}

}  // namespace
}  // namespace fas::reactor
