// Addresses of services that users name: taken apart, they mean what they say, or are refused
// without being repeated.
#include "clients/aws/endpoint_url.h"

#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::endpoint_url {

namespace {

constexpr std::string_view password = "correct-horse-battery";

// Whatever stands behind a password, and whether that is taken for a host or a path.
void require_discretion(std::string_view rest) {
    if (rest.find(password) != std::string_view::npos) return;
    for (const std::string_view scheme : {"https://", "http:/", ""}) {
        const std::string url = std::string{scheme}.append(password).append(rest);
        const auto endpoint = clients::parse_endpoint_url(url, "the test");
        require(endpoint || describe(endpoint.error()).find(password) == std::string::npos,
                "an address that is refused is not repeated");
    }
}

}  // namespace

void check(std::string_view input) {
    require_discretion(input);
    const auto endpoint = clients::parse_endpoint_url(input, "the test");
    if (!endpoint) {
        require_sound(endpoint.error());
        require(endpoint.error().kind == ErrorKind::invalid, "a bad address is invalid");
        require(endpoint.error().message.find("the test") != std::string::npos, "it has its place");
        return;
    }
    require(endpoint->user_named, "it is the user's");
    require(endpoint->scheme == "http" || endpoint->scheme == "https", "it is HTTP's");
    require(!endpoint->host.empty() && printable(endpoint->host), "it has a host");
    require(endpoint->host.find_first_of(" @/?#\\") == std::string::npos, "which is nothing else");
    require(printable(endpoint->base_path), "a path can be printed");
    require(endpoint->base_path.find_first_of(" ?#") == std::string::npos, "a path is one");
    require(endpoint->base_path.empty() || endpoint->base_path.starts_with('/'), "it is absolute");
    require(!endpoint->base_path.ends_with('/'), "it ends without a slash");

    const std::string url = endpoint->scheme + "://" + endpoint->host + endpoint->base_path;
    const auto again = clients::parse_endpoint_url(url, "the test");
    require(again.has_value(), "written, it can be read again");
    require(again->scheme == endpoint->scheme && again->host == endpoint->host &&
                again->base_path == endpoint->base_path,
            "and is the same");
}

}  // namespace fas::fuzz::endpoint_url
