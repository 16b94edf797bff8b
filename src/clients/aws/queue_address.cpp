#include "clients/aws/queue_address.h"

#include <array>
#include <vector>

#include "base/ascii.h"
#include "clients/aws/endpoint.h"

namespace fas::clients {

namespace {

// What stands between the separators.
template <std::size_t parts_max>
std::vector<std::string_view> parts_of_name(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < parts_max && text.find(separator) != std::string_view::npos) {
        parts.push_back(text.substr(0, text.find(separator)));
        text.remove_prefix(parts.back().size() + 1);
    }
    parts.push_back(text);
    return parts;
}

struct AwsHost {
    std::string_view region;
    bool common = false;  // the region's endpoint, or an older name of it
};

bool is_sqs(std::string_view label) { return label == "sqs" || label == "sqs-fips"; }

AwsHost checked(std::string_view region, std::string_view suffix, bool common) {
    if (!is_region_name(region) || !is_aws_suffix(suffix)) return {};
    return {region, common && suffix.starts_with("amazonaws")};
}

// Empty where the host is none of SQS's.
AwsHost read_aws_host(std::string_view host) {
    if (host == "queue.amazonaws.com") return {"us-east-1", true};
    const auto three = parts_of_name<3>(host, '.');
    if (three.size() == 3 && is_sqs(three[0])) {
        return checked(three[1], three[2], three[0] == "sqs");
    }
    if (three.size() == 3 && three[1] == "queue") return checked(three[0], three[2], true);
    const auto five = parts_of_name<5>(host, '.');
    if (five.size() == 5 && is_sqs(five[1]) && five[3] == "vpce") {
        return checked(five[2], five[4], false);
    }
    return {};
}

QueueAddress address_of_url(std::string_view url) {
    QueueAddress address;
    address.url = url;
    address.scheme = url.substr(0, url.find("://"));
    url.remove_prefix(address.scheme.size() + 3);
    address.host = lower_case(url.substr(0, url.find('/')));
    const AwsHost aws =
        read_aws_host(std::string_view{address.host}.substr(0, address.host.rfind(':')));
    address.region = aws.region;
    if (!aws.common) return address;
    address.scheme.clear();
    address.host.clear();
    return address;
}

}  // namespace

QueueAddress queue_address(std::string_view text) {
    if (text.find("://") != std::string_view::npos) return address_of_url(text);
    QueueAddress address;
    const auto arn = parts_of_name<6>(text, ':');
    address.name = arn.back();
    if (arn.size() == 6) {
        address.region = arn[3];
        address.account = arn[4];
    }
    return address;
}

}  // namespace fas::clients
