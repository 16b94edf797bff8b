#include "adapters/queues/shared/broker_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace fas::adapters {

bool is_broker_id(std::string_view text) {
    return text.size() > 2 && text.size() <= 62 && text.starts_with("b-") &&
           is_alphanumeric_or("-", text);
}

std::string origin_of(std::string_view url) {
    const std::size_t host = url.find("://");
    const std::size_t path = url.find('/', host == std::string_view::npos ? 0 : host + 3);
    return std::string{url.substr(0, path)};
}

std::string BrokerAccess::name() const {
    if (!broker_id.empty()) return broker_id;
    const std::string origin = origin_of(url);
    const std::size_t host = origin.find("://");
    return host == std::string::npos ? origin : origin.substr(host + 3);
}

std::optional<Clash> broker_clash(const BrokerAccess& access, std::string_view url_key) {
    if (access.broker_id.empty() == access.url.empty()) {
        return Clash{access.url.empty() ? "broker_id" : std::string{url_key},
                     fmt::format("set either broker_id, of an Amazon MQ broker, or {}", url_key)};
    }
    const clients::WebAccess web{
        .url = access.url, .user = access.username, .password = access.password};
    return http_clash(web, access.secrets_over_http, "username", url_key);
}

std::string_view broker_advice(const Error& error) {
    if (error.service == "MQ") {
        if (error.kind == ErrorKind::denied) return "allow mq:DescribeBroker";
        if (error.kind == ErrorKind::not_found) return "check broker_id and region";
        if (error.kind == ErrorKind::invalid) return "check broker_id";
    }
    if (error.code == "CertificateNotTrusted" || error.code == "BadCaBundle") {
        return "name the file with its authority's certificate in ca_file";
    }
    return "";
}

}  // namespace fas::adapters
