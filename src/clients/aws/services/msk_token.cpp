#include "clients/aws/services/msk_token.h"

#include <chrono>
#include <vector>

#include "base/base64.h"
#include "sigv4/signer.h"

namespace fas::clients {

namespace {

constexpr std::chrono::seconds lifetime{900};

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
