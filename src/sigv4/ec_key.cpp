#include "sigv4/ec_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <vector>

#include "base/take.h"

namespace fas::sigv4 {

namespace {

constexpr int coordinate_bytes = 32;

Error unusable(std::string_view why) {
    return {.kind = ErrorKind::invalid, .message = std::string{why}, .code = "UnusableKey"};
}

// What stands between the lines with dashes, however it is broken into lines.
std::string base64_of_pem(std::string_view pem) {
    std::string text;
    while (!pem.empty()) {
        const std::string_view line = take_until(pem, '\n');
        if (!line.starts_with("-----")) {
            std::ranges::copy_if(line, std::back_inserter(text),
                                 [](char c) { return c != ' ' && c != '\t' && c != '\r'; });
        }
    }
    return text;
}

std::vector<unsigned char> bytes_of_base64(const std::string& text) {
    std::vector<unsigned char> bytes(text.size() / 4 * 3 + 3);
    const int size =
        EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()));
    bytes.resize(static_cast<std::size_t>(std::max(size, 0)));  // zeros at its end do no harm
    return bytes;
}

std::string as_bytes(const BIGNUM* number) {
    std::string bytes(coordinate_bytes, '\0');
    const int size =
        BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), coordinate_bytes);
    return size == coordinate_bytes ? bytes : std::string{};
}

std::string coordinate(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return {};
    const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> owned{number, &BN_free};
    return as_bytes(number);
}

bool on_p256(const EVP_PKEY* key) {
    std::string name(32, '\0');
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
    return name.substr(0, size) == "prime256v1";
}

}  // namespace

Result<EcKey> EcKey::from_pem(const Secret& pem) {
    const std::vector<unsigned char> der = bytes_of_base64(base64_of_pem(pem.reveal()));
    const unsigned char* begin = der.data();
    EcKey made;
    made.key_ = {d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(der.size())),
                 &EVP_PKEY_free};
    if (!made.key_) return unusable("it is no private key in PEM form");
    if (!on_p256(made.key_.get())) return unusable("it is no key on the curve P-256");
    made.x_ = coordinate(made.key_.get(), OSSL_PKEY_PARAM_EC_PUB_X);
    made.y_ = coordinate(made.key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y);
    if (made.x_.empty() || made.y_.empty()) return unusable("it has no public half");
    return made;
}

std::string EcKey::sign(std::string_view message) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(),
                                                                     &EVP_MD_CTX_free};
    const auto* text = reinterpret_cast<const unsigned char*>(message.data());
    std::vector<unsigned char> der(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
    std::size_t size = der.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), der.data(), &size, text, message.size()) != 1) {
        return {};
    }
    const unsigned char* begin = der.data();
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> pair{
        d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(size)), &ECDSA_SIG_free};
    if (!pair) return {};
    return as_bytes(ECDSA_SIG_get0_r(pair.get())) + as_bytes(ECDSA_SIG_get0_s(pair.get()));
}

}  // namespace fas::sigv4
