#include "clients/aws/names.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/take.h"

namespace fas::clients {

namespace {

bool is_one_of(char c, std::string_view set) { return set.contains(c); }

bool has_length(std::string_view text, std::size_t min, std::size_t max) {
    return text.size() >= min && text.size() <= max;
}

// What stands before the separator, taken off together with it. Without a separator: everything.
std::string_view take_until(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

bool is_ipv4_shaped(std::string_view text) {
    return std::ranges::count(text, '.') == 3 && text.find("..") == std::string_view::npos &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; });
}

bool is_ecs_name(std::string_view text) {
    return has_length(text, 1, 255) && is_alphanumeric_or("-_", text);
}

// "aws", "aws-cn", "aws-us-gov" ...
bool is_partition(std::string_view text) {
    const auto in_alphabet = [](char c) { return is_lower_letter(c) || c == '-'; };
    if (!take(text, "aws") || !std::ranges::all_of(text, in_alphabet)) return false;
    while (!text.empty()) {
        if (!take(text, "-") || text.empty() || !is_lower_letter(text.front())) return false;
        text.remove_prefix(std::min(text.size(), text.find('-')));
    }
    return true;
}

// The resource of a service's ARN; nothing when it is none.
std::optional<std::string_view> resource_of(std::string_view arn, std::string_view its_service) {
    if (!take(arn, "arn:")) return std::nullopt;
    const auto partition = take_until(arn, ':');
    const auto service = take_until(arn, ':');
    const auto region = take_until(arn, ':');
    const auto account = take_until(arn, ':');
    const bool in_alphabet =
        std::ranges::all_of(region,
                            [](char c) { return is_lower_letter(c) || is_digit(c) || c == '-'; }) &&
        std::ranges::all_of(account, is_digit);
    if (!in_alphabet || !is_partition(partition) || service != its_service || region.empty() ||
        account.size() != 12) {
        return std::nullopt;
    }
    return arn;
}

bool is_host(std::string_view text) {
    if (take(text, "[")) {
        if (!text.ends_with(']')) return false;
        text.remove_suffix(1);
        return !text.empty() && std::ranges::all_of(text, [](char c) {
            return is_digit(c) || is_one_of(c, "abcdefABCDEF:.");
        });
    }
    return !text.empty() && is_alphanumeric_or(".-", text);
}

// Takes ":port" off. Nothing but digits may follow the colon.
bool consume_port(std::string_view& authority) {
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos || authority.ends_with(']')) return true;
    const auto port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
    return has_length(port, 1, 5) && std::ranges::all_of(port, is_digit);
}

bool is_queue_url(std::string_view text) {
    const bool tls = take(text, "https://");
    if (!tls && !take(text, "http://")) return false;

    std::string_view authority = take_until(text, '/');
    const std::string_view path = text;
    const std::string host = lower_case(authority);
    const bool amazons =
        host.find(".amazonaws.") != std::string::npos || host.find(".api.aws") != std::string::npos;
    if (!tls && amazons) return false;
    return consume_port(authority) && is_host(authority) && !path.empty() &&
           is_alphanumeric_or("._~!$&'()*+,;=:@%/-", path);
}

bool is_queue_name(std::string_view text) {
    constexpr std::string_view fifo = ".fifo";
    const bool ends_so = text.ends_with(fifo);
    if (ends_so) text.remove_suffix(fifo.size());
    return has_length(text, 1, ends_so ? 75 : 80) && is_alphanumeric_or("-_", text);
}

}  // namespace

bool is_bucket(std::string_view text) {
    const auto inner = [](char c) { return is_lower_letter(c) || is_digit(c); };
    return has_length(text, 3, 63) && inner(text.front()) && inner(text.back()) &&
           std::ranges::all_of(text, [&](char c) { return inner(c) || is_one_of(c, ".-"); }) &&
           text.find("..") == std::string_view::npos && !is_ipv4_shaped(text) &&
           !text.ends_with("--x-s3");
}

bool is_region(std::string_view text) {
    return has_length(text, 1, 63) && is_lower_letter(text.front()) && text.back() != '-' &&
           std::ranges::all_of(
               text, [](char c) { return is_lower_letter(c) || is_digit(c) || c == '-'; });
}

bool is_cluster(std::string_view text) {
    if (is_ecs_name(text)) return true;
    auto resource = resource_of(text, "ecs");
    return resource && take(*resource, "cluster/") && is_ecs_name(*resource);
}

bool is_service(std::string_view text) {
    if (is_ecs_name(text)) return true;
    auto resource = resource_of(text, "ecs");
    if (!resource || !take(*resource, "service/")) return false;
    const auto slash = resource->find('/');
    if (slash == std::string_view::npos) return is_ecs_name(*resource);
    return is_ecs_name(resource->substr(0, slash)) && is_ecs_name(resource->substr(slash + 1));
}

bool is_role_arn(std::string_view text) {
    if (!take(text, "arn:") || !is_partition(take_until(text, ':'))) return false;
    if (!take(text, "iam::")) return false;
    const auto account = take_until(text, ':');
    if (account.size() != 12 || !std::ranges::all_of(account, is_digit)) return false;
    return take(text, "role/") && has_length(text, 1, 576) && is_alphanumeric_or("+=,.@_/-", text);
}

bool is_queue(std::string_view text) {
    if (is_queue_url(text) || is_queue_name(text)) return true;
    const auto resource = resource_of(text, "sqs");
    return resource && is_queue_name(*resource);
}

}  // namespace fas::clients
