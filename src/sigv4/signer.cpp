#include "sigv4/signer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "sigv4/canonical.h"
#include "sigv4/concat.h"
#include "sigv4/digest.h"
#include "sigv4/timestamp.h"

namespace fas::sigv4 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

// What a signature is valid for: a day, a region, a service.
std::string credential_scope(const Timestamp& timestamp, const Service& service) {
    return concat(timestamp.date(), "/", service.region, "/", service.name, "/aws4_request");
}

HexDigest signature(const HmacSha256& key, const Timestamp& timestamp, std::string_view scope,
                    std::string canonical_request, Explanation* explanation) {
    const HexDigest request_hash = to_hex(sha256(canonical_request));
    std::string string_to_sign = concat(algorithm, "\n", timestamp.date_and_time(), "\n", scope,
                                        "\n", as_text(request_hash));
    const HexDigest signed_hash = to_hex(key(string_to_sign));
    if (explanation != nullptr) {
        *explanation = {std::move(canonical_request), std::move(string_to_sign)};
    }
    return signed_hash;
}

}  // namespace

std::vector<Field> Signer::sign(const Request& request, const Service& service,
                                const Credentials& credentials, TimePoint now,
                                Explanation* explanation) {
    const Timestamp timestamp(now);
    const std::string scope = credential_scope(timestamp, service);
    const HexDigest body_hash = to_hex(sha256(request.body));
    const std::string& session_token = credentials.session_token.reveal();

    std::vector<Field> added;
    added.reserve(4);
    added.emplace_back("x-amz-date", std::string(timestamp.date_and_time()));
    if (!session_token.empty()) added.emplace_back("x-amz-security-token", session_token);
    if (service.content_sha256_header) {
        added.emplace_back("x-amz-content-sha256", std::string(as_text(body_hash)));
    }

    const CanonicalHeaders headers = canonical_headers(request.headers, added);
    const HmacSha256& key =
        keys_.get(credentials.secret_access_key, timestamp.date(), service.region, service.name);
    const HexDigest signed_hash =
        signature(key, timestamp, scope,
                  canonical_request(request, service.path_encoding, canonical_query(request.query),
                                    headers, as_text(body_hash)),
                  explanation);
    added.emplace_back("Authorization", concat(algorithm, " Credential=", credentials.access_key_id,
                                               "/", scope, ", SignedHeaders=", headers.names,
                                               ", Signature=", as_text(signed_hash)));
    return added;
}

std::string Signer::presign(const Request& request, const Service& service,
                            const Credentials& credentials, TimePoint now,
                            std::chrono::seconds expires, Explanation* explanation) {
    const Timestamp timestamp(now);
    const std::string scope = credential_scope(timestamp, service);
    const CanonicalHeaders headers = canonical_headers(request.headers, {});
    const auto lifetime =
        std::clamp<std::chrono::seconds>(expires, std::chrono::seconds(1), std::chrono::days(7));

    std::vector<Field> fields(request.query.begin(), request.query.end());
    fields.emplace_back("X-Amz-Algorithm", std::string(algorithm));
    fields.emplace_back("X-Amz-Credential", concat(credentials.access_key_id, "/", scope));
    fields.emplace_back("X-Amz-Date", std::string(timestamp.date_and_time()));
    fields.emplace_back("X-Amz-Expires", std::to_string(lifetime.count()));
    fields.emplace_back("X-Amz-SignedHeaders", headers.names);
    if (!credentials.session_token.empty()) {
        fields.emplace_back("X-Amz-Security-Token", credentials.session_token.reveal());
    }
    const std::string query = canonical_query(fields);

    const HexDigest body_hash = to_hex(sha256(request.body));
    const std::string_view payload_hash =
        service.content_sha256_header ? "UNSIGNED-PAYLOAD" : as_text(body_hash);
    const HmacSha256& key =
        keys_.get(credentials.secret_access_key, timestamp.date(), service.region, service.name);
    const HexDigest signed_hash =
        signature(key, timestamp, scope,
                  canonical_request(request, service.path_encoding, query, headers, payload_hash),
                  explanation);
    return concat(query, "&X-Amz-Signature=", as_text(signed_hash));
}

}  // namespace fas::sigv4
