#include "clients/aws/services/auto_scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/parse_number.h"
#include "clients/answers/answer.h"
#include "clients/aws/error.h"
#include "clients/aws/xml.h"

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
constexpr std::size_t policies_answer_bytes_max = std::size_t{1} << 20U;
constexpr std::int64_t capacity_max = std::numeric_limits<std::int32_t>::max();

// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
constexpr std::array<std::string_view, 5> refresh_ended{"Successful", "Failed", "Cancelled",
                                                        "RollbackFailed", "RollbackSuccessful"};

std::optional<Tasks> read_capacity(const XmlElement& element, std::string_view name) {
    const auto number = parse_number<std::int64_t>(element.text_of(name));
    if (!number || *number < 0 || *number > capacity_max) return std::nullopt;
    return Tasks{*number};
}

Tasks needed_capacity(Answer& answer, const XmlElement& element, std::string_view name) {
    const auto capacity = read_capacity(element, name);
    if (!capacity) answer.lacks(name);
    return capacity.value_or(Tasks{});
}

// Adds an instance to the group's counts. False: it is not told of wholly.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
bool count_instance(AutoScalingGroup& group, const XmlElement& instance) {
    const std::string_view state = instance.text_of("LifecycleState");
    const std::string_view protection = instance.text_of("ProtectedFromScaleIn");
    const bool weighted = !instance.text_of("WeightedCapacity").empty();
    const auto weight = weighted ? read_capacity(instance, "WeightedCapacity") : Tasks{1};
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
    for (const XmlElement& process : element.members_of("SuspendedProcesses")) {
        const std::string_view name = process.text_of("ProcessName");
        group.launch_suspended |= name == "Launch";
        group.terminate_suspended |= name == "Terminate";
        group.alarms_suspended |= name == "AlarmNotification";
        group.schedules_suspended |= name == "ScheduledActions";
    }
}

void read_tags(AutoScalingGroup& group, const XmlElement& element) {
    for (const XmlElement& tag : element.members_of("Tags")) {
        add_control_tag(group.tags, tag.text_of("Key"), tag.text_of("Value"));
    }
}

// The members of the list at <OPERATIONResponse><OPERATIONResult><NAME>.
std::vector<XmlElement> needed_list(Answer& answer, const std::optional<XmlDocument>& document,
                                    std::string_view operation, std::string_view name) {
    if (!document) answer.reject("it is not the XML that AWS sends");
    const auto root =
        document ? document->root(fmt::format("{}Response", operation)) : std::nullopt;
    const auto result = root ? root->find(fmt::format("{}Result", operation)) : std::nullopt;
    if (!result || !result->find(name)) answer.lacks(name);
    return result ? result->members_of(name) : std::vector<XmlElement>{};
}

// One of predictive scaling may only forecast, which it does unless it is told otherwise.
bool acts(const XmlElement& policy) {
    if (policy.text_of("Enabled") == "false") return false;
    if (policy.text_of("PolicyType") != "PredictiveScaling") return true;
    const auto how = policy.find("PredictiveScalingConfiguration");
    return how && how->text_of("Mode") == "ForecastAndScale";
}

bool says_not_found(const Error& error) {
    return error.code == "ValidationError" && error.message.find("not found") != std::string::npos;
}

}  // namespace

Result<AutoScalingGroup> read_group(const reactor::HttpResponse& response) {
    constexpr std::string_view operation = "DescribeAutoScalingGroups";
    Answer answer{auto_scaling.name, operation, response};
    const auto document = XmlDocument::parse(response.body, group_answer_bytes_max);
    const auto groups = needed_list(answer, document, operation, "AutoScalingGroups");
    if (answer.wrong()) return *answer.wrong();
    if (groups.empty()) {
        return answer.error(ErrorKind::not_found, "GroupNotFound",
                            "DescribeAutoScalingGroups knows no such group");
    }
    const XmlElement& element = groups.front();
    AutoScalingGroup group;
    group.desired = needed_capacity(answer, element, "DesiredCapacity");
    group.min = needed_capacity(answer, element, "MinSize");
    group.max = needed_capacity(answer, element, "MaxSize");
    if (group.max < group.min) answer.reject("a MaxSize below the MinSize");
    group.status = element.text_of("Status");
    group.unit = element.text_of("DesiredCapacityType");
    if (!element.find("Instances")) answer.lacks("Instances");
    for (const XmlElement& instance : element.members_of("Instances")) {
        if (count_instance(group, instance)) continue;
        answer.reject(
            "an instance's LifecycleState, ProtectedFromScaleIn or WeightedCapacity is unclear");
    }
    if (const auto managed_by = element.find("Operator")) {
        group.operator_principal = managed_by->text_of("Principal");
    }
    read_suspended(group, element);
    read_tags(group, element);
    return answer.give(std::move(group));
}

Result<bool> read_refreshing(const reactor::HttpResponse& response) {
    constexpr std::string_view operation = "DescribeInstanceRefreshes";
    Answer answer{auto_scaling.name, operation, response};
    const auto document = XmlDocument::parse(response.body, refreshes_answer_bytes_max);
    for (const XmlElement& refresh :
         needed_list(answer, document, operation, "InstanceRefreshes")) {
        const std::string_view status = refresh.text_of("Status");
        if (status.empty()) return answer.unusable("a refresh without a Status");
        if (std::ranges::find(refresh_ended, status) == refresh_ended.end()) return true;
    }
    return answer.give(false);
}

Result<std::vector<std::string>> read_policies(const reactor::HttpResponse& response) {
    constexpr std::string_view operation = "DescribePolicies";
    Answer answer{auto_scaling.name, operation, response};
    const auto document = XmlDocument::parse(response.body, policies_answer_bytes_max);
    std::vector<std::string> names;
    for (const XmlElement& policy : needed_list(answer, document, operation, "ScalingPolicies")) {
        if (acts(policy)) names.emplace_back(policy.text_of("PolicyName"));
    }
    return answer.give(std::move(names));
}

Result<std::vector<std::string>> read_scheduled_actions(const reactor::HttpResponse& response) {
    constexpr std::string_view operation = "DescribeScheduledActions";
    Answer answer{auto_scaling.name, operation, response};
    const auto document = XmlDocument::parse(response.body, policies_answer_bytes_max);
    std::vector<std::string> names;
    for (const XmlElement& action :
         needed_list(answer, document, operation, "ScheduledUpdateGroupActions")) {
        names.emplace_back(action.text_of("ScheduledActionName"));
    }
    return answer.give(std::move(names));
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

reactor::Task<Result<reactor::HttpResponse>> AutoScalingClient::describe(std::string operation,
                                                                         std::string name,
                                                                         reactor::Scope scope) {
    std::vector<sigv4::Field> fields;
    fields.push_back({"AutoScalingGroupName", std::move(name)});
    AwsRequest request = client_.query_request(std::move(operation), std::move(fields));
    co_return co_await client_.send(std::move(request), std::move(scope));
}

// Its first page has the newest fifty, and no more than one goes on at a time.
reactor::Task<Result<bool>> AutoScalingClient::refreshing(std::string name, reactor::Scope scope) {
    const auto response =
        co_await describe("DescribeInstanceRefreshes", std::move(name), std::move(scope));
    if (!response) co_return response.error();
    co_return read_refreshing(*response);
}

reactor::Task<Result<std::vector<std::string>>> AutoScalingClient::policies(std::string name,
                                                                            reactor::Scope scope) {
    const auto response = co_await describe("DescribePolicies", std::move(name), std::move(scope));
    if (!response) co_return response.error();
    co_return read_policies(*response);
}

reactor::Task<Result<std::vector<std::string>>> AutoScalingClient::scheduled_actions(
    std::string name, reactor::Scope scope) {
    const auto response =
        co_await describe("DescribeScheduledActions", std::move(name), std::move(scope));
    if (!response) co_return response.error();
    co_return read_scheduled_actions(*response);
}

reactor::Task<Result<std::string>> AutoScalingClient::set_desired_capacity(std::string name,
                                                                           Tasks desired,
                                                                           reactor::Scope scope) {
    std::vector<sigv4::Field> fields;
    fields.push_back({"AutoScalingGroupName", std::move(name)});
    fields.push_back({"DesiredCapacity", fmt::format("{}", desired.value)});
    fields.push_back({"HonorCooldown", "false"});
    AwsRequest request = client_.query_request("SetDesiredCapacity", std::move(fields));
    request.begins_within = change_begins_within;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (response) co_return std::string{request_id(*response)};
    Error error = std::move(response.error());
    if (says_not_found(error)) error.kind = ErrorKind::not_found;
    co_return error;
}

}  // namespace fas::clients
