#include "sigv4/digest.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fas::sigv4 {
namespace {

std::string hex(const Digest& digest) { return std::string(as_text(to_hex(digest))); }

struct HashCase {
    std::string text;
    std::string_view digest;
};

// NIST's example values, https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines
class Sha256KnownAnswer : public testing::TestWithParam<HashCase> {};

TEST_P(Sha256KnownAnswer, Matches) { EXPECT_EQ(hex(sha256(GetParam().text)), GetParam().digest); }

INSTANTIATE_TEST_SUITE_P(
    Nist, Sha256KnownAnswer,
    testing::Values(
        HashCase{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        HashCase{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        HashCase{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        HashCase{std::string(1'000'000, 'a'),
                 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}));

TEST(Sha256, GivesTheSameDigestHoweverTheTextIsCut) {
    const std::string text(300, 'x');
    for (const std::size_t cut : {0U, 1U, 63U, 64U, 65U, 128U, 300U}) {
        Sha256 hash;
        hash.update(std::string_view(text).substr(0, cut));
        hash.update(std::string_view(text).substr(cut));
        EXPECT_EQ(hex(hash.finish()), hex(sha256(text))) << "cut at " << cut;
    }
}

struct HmacCase {
    std::string key;
    std::string message;
    std::string_view digest;
};

// RFC 4231, section 4; its case 5 is about truncation, which signing does not use.
class HmacSha256KnownAnswer : public testing::TestWithParam<HmacCase> {};

TEST_P(HmacSha256KnownAnswer, Matches) {
    const HmacSha256 hmac(GetParam().key);
    EXPECT_EQ(hex(hmac(GetParam().message)), GetParam().digest);
    EXPECT_EQ(hex(hmac(GetParam().message)), GetParam().digest) << "the key was used up";
}

std::string bytes_from_1_to_25() {
    std::string key;
    for (char byte = 1; byte <= 25; ++byte) key += byte;
    return key;
}

INSTANTIATE_TEST_SUITE_P(
    Rfc4231, HmacSha256KnownAnswer,
    testing::Values(
        HmacCase{std::string(20, '\x0b'), "Hi There",
                 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        HmacCase{"Jefe", "what do ya want for nothing?",
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        HmacCase{std::string(20, '\xaa'), std::string(50, '\xdd'),
                 "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        HmacCase{bytes_from_1_to_25(), std::string(50, '\xcd'),
                 "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        HmacCase{std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
                 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        HmacCase{std::string(131, '\xaa'),
                 "This is a test using a larger than block-size key and a larger than block-size "
                 "data. The key needs to be hashed before being used by the HMAC algorithm.",
                 "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}));

TEST(HmacSha256, AKeyOfExactlyOneBlockIsNotHashed) {
    // A shorter key is filled up with zeros, so a block of key and zeros is the same key.
    std::string block("key");
    block.resize(64, '\0');
    EXPECT_EQ(hex(HmacSha256(block)("message")), hex(HmacSha256("key")("message")));
}

}  // namespace
}  // namespace fas::sigv4
