#include "clients/auto_scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "clients/aws_error.h"
#include "clients/xml.h"

namespace fas::clients {

namespace {

constexpr AwsService auto_scaling{.name = "Auto Scaling",
                                  .signing_name = "autoscaling",
                                  .host_prefix = "autoscaling",
                                  .target_prefix = "2011-01-01",
                                  .protocol = Protocol::query};

// An instance takes 700 bytes or so, and a group may have thousands.
constexpr std::size_t group_answer_bytes_max = std::size_t{8} << 20U;
constexpr std::size_t refreshes_answer_bytes_max = std::size_t{1} << 20U;
constexpr std::int64_t capacity_max = std::numeric_limits<std::int32_t>::max();

// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
constexpr std::array<std::string_view, 5> refresh_ended{"Successful", "Failed", "Cancelled",
                                                        "RollbackFailed", "RollbackSuccessful"};

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = std::string{auto_scaling.name},
            .code = std::move(code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

Error unusable(const reactor::HttpResponse& response, std::string_view operation,
               std::string_view why) {
    return failure(response, ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("{} answered something unusable: {}", operation, why));
}

std::optional<Tasks> read_number(const XmlElement& element, std::string_view name) {
    const std::string_view text = element.text_of(name);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0 ||
        number > capacity_max) {
        return std::nullopt;
    }
    return Tasks{number};
}

// Adds an instance to the group's counts. False: it is not told of wholly.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
bool count_instance(AutoScalingGroup& group, const XmlElement& instance) {
    const std::string_view state = instance.text_of("LifecycleState");
    const std::string_view protection = instance.text_of("ProtectedFromScaleIn");
    const bool weighted = !instance.text_of("WeightedCapacity").empty();
    const auto weight = weighted ? read_number(instance, "WeightedCapacity") : Tasks{1};
    if (state.empty() || !weight || (protection != "true" && protection != "false")) return false;

    const bool running = state == "InService";
    const bool pending = state == "Pending" || state.starts_with("Pending:");
    if (running) group.running = group.running + *weight;
    if (pending) group.pending = group.pending + *weight;
    if ((running || pending) && protection == "true") {
        group.protected_from_in = group.protected_from_in + *weight;
    }
    return true;
}

void read_suspended(AutoScalingGroup& group, const XmlElement& element) {
    const auto list = element.find("SuspendedProcesses");
    for (const XmlElement& process : list ? list->all("member") : std::vector<XmlElement>{}) {
        const std::string_view name = process.text_of("ProcessName");
        group.launch_suspended |= name == "Launch";
        group.terminate_suspended |= name == "Terminate";
    }
}

void read_tags(AutoScalingGroup& group, const XmlElement& element) {
    const auto list = element.find("Tags");
    for (const XmlElement& tag : list ? list->all("member") : std::vector<XmlElement>{}) {
        add_own_tag(group.tags, tag.text_of("Key"), tag.text_of("Value"));
    }
}

// The list at <OPERATIONResponse><OPERATIONResult><NAME>; nothing when there is none.
std::optional<XmlElement> find_list(const XmlDocument& document, std::string_view operation,
                                    std::string_view name) {
    const auto root = document.root(fmt::format("{}Response", operation));
    const auto result = root ? root->find(fmt::format("{}Result", operation)) : std::nullopt;
    return result ? result->find(name) : std::nullopt;
}

bool says_not_found(const Error& error) {
    return error.code == "ValidationError" && error.message.find("not found") != std::string::npos;
}

}  // namespace

Result<AutoScalingGroup> read_group(const reactor::HttpResponse& response) {
    constexpr std::string_view operation = "DescribeAutoScalingGroups";
    const auto document = XmlDocument::parse(response.body, group_answer_bytes_max);
    if (!document) return unusable(response, operation, "it is not the XML that AWS sends");
    const auto groups = find_list(*document, operation, "AutoScalingGroups");
    if (!groups) return unusable(response, operation, "it has no AutoScalingGroups");
    const auto element = groups->find("member");
    if (!element) {
        return failure(response, ErrorKind::not_found, "GroupNotFound",
                       "DescribeAutoScalingGroups knows no such group");
    }

    AutoScalingGroup group;
    const auto desired = read_number(*element, "DesiredCapacity");
    const auto min = read_number(*element, "MinSize");
    const auto max = read_number(*element, "MaxSize");
    if (!desired) return unusable(response, operation, "no DesiredCapacity");
    if (!min) return unusable(response, operation, "no MinSize");
    if (!max || *max < *min) return unusable(response, operation, "no MaxSize");
    group.desired = *desired;
    group.min = *min;
    group.max = *max;
    group.status = element->text_of("Status");
    group.unit = element->text_of("DesiredCapacityType");
    const auto instances = element->find("Instances");
    if (!instances) return unusable(response, operation, "no Instances");
    for (const XmlElement& instance : instances->all("member")) {
        if (!count_instance(group, instance)) {
            return unusable(response, operation,
                            "an instance's LifecycleState, ProtectedFromScaleIn or "
                            "WeightedCapacity is unclear");
        }
    }
    read_suspended(group, *element);
    read_tags(group, *element);
    return group;
}

Result<bool> read_refreshing(const reactor::HttpResponse& response) {
    constexpr std::string_view operation = "DescribeInstanceRefreshes";
    const auto document = XmlDocument::parse(response.body, refreshes_answer_bytes_max);
    if (!document) return unusable(response, operation, "it is not the XML that AWS sends");
    const auto refreshes = find_list(*document, operation, "InstanceRefreshes");
    if (!refreshes) return unusable(response, operation, "it has no InstanceRefreshes");
    for (const XmlElement& refresh : refreshes->all("member")) {
        const std::string_view status = refresh.text_of("Status");
        if (status.empty()) return unusable(response, operation, "a refresh without a Status");
        if (std::ranges::find(refresh_ended, status) == refresh_ended.end()) return true;
    }
    return false;
}

AutoScalingClient::AutoScalingClient(AwsContext& context) : client_(context, auto_scaling) {}

reactor::Task<Result<AutoScalingGroup>> AutoScalingClient::group(std::string name,
                                                                 reactor::Scope scope) {
    std::vector<sigv4::Field> fields;
    fields.push_back({"AutoScalingGroupNames.member.1", std::move(name)});
    AwsRequest request = client_.query_request("DescribeAutoScalingGroups", std::move(fields));
    request.response_bytes_max = group_answer_bytes_max;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_group(*response);
}

// Its first page has the newest fifty, and no more than one goes on at a time.
reactor::Task<Result<bool>> AutoScalingClient::refreshing(std::string name, reactor::Scope scope) {
    std::vector<sigv4::Field> fields;
    fields.push_back({"AutoScalingGroupName", std::move(name)});
    AwsRequest request = client_.query_request("DescribeInstanceRefreshes", std::move(fields));
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_refreshing(*response);
}

reactor::Task<Result<std::string>> AutoScalingClient::set_desired_capacity(std::string name,
                                                                           Tasks desired,
                                                                           reactor::Scope scope) {
    std::vector<sigv4::Field> fields;
    fields.push_back({"AutoScalingGroupName", std::move(name)});
    fields.push_back({"DesiredCapacity", fmt::format("{}", desired.value)});
    fields.push_back({"HonorCooldown", "false"});
    AwsRequest request = client_.query_request("SetDesiredCapacity", std::move(fields));
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (response) co_return std::string{request_id(*response)};
    Error error = std::move(response.error());
    if (says_not_found(error)) error.kind = ErrorKind::not_found;
    co_return error;
}

}  // namespace fas::clients
