#include "clients/aws/services/msk_token.h"

#include <array>
#include <chrono>
#include <vector>

#include "sigv4/signer.h"

namespace fas::clients {

namespace {

constexpr std::chrono::seconds lifetime{900};

// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i <= group.size(); ++i) {
            text += digits[bits >> (18U - 6U * i) & 0x3FU];
        }
    }
    return text;
}

}  // namespace

MskToken make_msk_token(const sigv4::Credentials& credentials, std::string_view region,
                        TimePoint now) {
    const std::string host = "kafka." + std::string(region) + ".amazonaws.com";
    const std::vector<sigv4::Field> query{{"Action", "kafka-cluster:Connect"}};
    const std::vector<sigv4::Field> headers{{"Host", host}};
    const sigv4::Request request{"GET", "/", query, headers, {}};
    const sigv4::Service service{"kafka-cluster", std::string(region)};
    const std::string signed_query =
        sigv4::Signer().presign(request, service, credentials, now, lifetime);
    // The brokers' logs name who signed; it is no part of what is signed.
    const std::string url = "https://" + host + "/?" + signed_query + "&User-Agent=fast-autoscaler";
    return {Secret(base64url(url)), now, now + lifetime, credentials.access_key_id};
}

}  // namespace fas::clients
