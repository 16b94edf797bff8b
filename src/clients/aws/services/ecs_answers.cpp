#include "clients/aws/services/ecs_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/excerpt.h"
#include "clients/answers/json_answer.h"

namespace fas::clients {

namespace {

constexpr std::string_view ecs_name = "ECS";
constexpr std::string_view describe = "DescribeServices";
constexpr json::Limits services_limits{.bytes_max = services_answer_bytes_max, .depth_max = 32};
constexpr json::Limits list_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr std::size_t failure_bytes_max = 100;

// --- which entry of an answer a service is

// "service/prod/web", or "service/web" in an ARN of the older form, which names no cluster.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
struct ServiceArn {
    std::string_view before;   // "arn:aws:ecs:eu-west-1:123456789012:service/"
    std::string_view cluster;  // empty in the older form
    std::string_view name;
};

ServiceArn split_arn(std::string_view arn) {
    const std::size_t begin = std::min(arn.find('/'), arn.size() - 1) + 1;
    const std::size_t end = std::max(arn.rfind('/') + 1, begin);
    ServiceArn split{arn.substr(0, begin), {}, arn.substr(end)};
    if (end > begin) split.cluster = arn.substr(begin, end - begin - 1);
    return split;
}

bool is_arn(std::string_view text) { return text.starts_with("arn:"); }

bool same_service(std::string_view arn, std::string_view asked_arn) {
    const ServiceArn a = split_arn(arn);
    const ServiceArn b = split_arn(asked_arn);
    return a.before == b.before && a.name == b.name &&
           (a.cluster == b.cluster || a.cluster.empty() || b.cluster.empty());
}

// All services of one answer are of one cluster, so a name is one service's.
bool is_about(std::string_view arn, std::string_view name, std::string_view asked) {
    if (is_arn(asked)) return is_arn(arn) && same_service(arn, asked);
    if (!name.empty()) return name == asked;
    return !arn.empty() && (is_arn(arn) ? split_arn(arn).name : arn) == asked;
}

// --- one service

// A rollout state is told of rolling updates alone. A first deployment stays IN_PROGRESS until the
// service is steady; one that FAILED moves nothing any more, until somebody deploys; of one that is
// COMPLETED the older one's tasks are only cleaned up (sourceServiceRevisionCleanup: DEFERRED).
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
enum class Rollout { untold, failed, completed };

Rollout rollout_of_primary(const std::vector<json::Value>& deployments) {
    for (const json::Value& each : deployments) {
        if (each.text_at("status") != "PRIMARY") continue;
        if (each.text_at("rolloutState") == "FAILED") return Rollout::failed;
        if (each.text_at("rolloutState") == "COMPLETED") return Rollout::completed;
    }
    return Rollout::untold;
}

// Blue/green, linear and canary deployments want tasks of both revisions until they end, also while
// they bake, and while a hook has paused them.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceCurrentRevisionSummary.html
bool wants_two_revisions(const json::Value& entry) {
    return std::ranges::count_if(entry.items_at("currentServiceRevisions"),
                                 [](const json::Value& each) {
                                     return each.count_at("requestedTaskCount").value_or(0) > 0;
                                 }) > 1;
}

// CodeDeploy, and an external controller, have task sets in place of deployments: PRIMARY is the
// one that serves, ACTIVE one that is to, DRAINING one that did.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
std::optional<bool> deployment_in_progress(const json::Value& entry) {
    const std::vector<json::Value> task_sets = entry.items_at("taskSets");
    const auto told = entry.find("deployments");
    if (!told && task_sets.empty()) return std::nullopt;
    const std::vector<json::Value> deployments = entry.items_at("deployments");
    const Rollout rollout = rollout_of_primary(deployments);
    if (rollout == Rollout::failed) return false;
    // Which only the revisions tell from a new deployment that is not told of yet.
    const bool cleaned_up = rollout == Rollout::completed && entry.find("currentServiceRevisions");
    const bool replacing = deployments.size() > 1 && !cleaned_up;
    return replacing || task_sets.size() > 1 || wants_two_revisions(entry);
}

std::optional<std::vector<ControlTag>> read_tags(const json::Value& entry) {
    if (!entry.find("tags")) return std::nullopt;
    std::vector<ControlTag> ours;
    for (const json::Value& tag : entry.items_at("tags")) {
        add_control_tag(ours, tag.text_at("key"), tag.text_at("value"));
    }
    return ours;
}

// What is wrong with one service is that one's alone, and so is the answer here. The events, which
// are most of it, are never looked at.
Result<EcsService> read_service(Answer answer, const json::Value& entry) {
    const JsonPart service{answer, entry};
    return answer.give(EcsService{
        std::string{entry.text_at("status")}, std::string{entry.text_at("schedulingStrategy")},
        entry.text_at("resourceManagementType") == "ECS", Tasks{service.count("desiredCount")},
        Tasks{service.count("runningCount")}, Tasks{service.count("pendingCount")},
        deployment_in_progress(entry), read_tags(entry)});
}

// What ECS could not describe is an entry in failures[], under HTTP 200.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
Error undescribed(const Answer& answer, const json::Value& entry) {
    const std::string_view reason = excerpt(entry.text_at("reason"), failure_bytes_max);
    if (reason.empty() || reason == "MISSING") {
        return answer.error(ErrorKind::not_found, "MISSING",
                            "DescribeServices knows no such service in this cluster");
    }
    return answer.error(ErrorKind::invalid, reason,
                        fmt::format("DescribeServices failed for the service: {}", reason));
}

}  // namespace

Result<std::vector<Result<EcsService>>> read_services(const reactor::HttpResponse& response,
                                                      const std::vector<std::string>& asked) {
    JsonAnswer answer{ecs_name, describe, response, services_limits};
    const std::vector<json::Value> described = answer.root().list("services");
    const std::vector<json::Value> failed = answer.root().items_at("failures");

    const auto read_one = [&](std::string_view service) -> Result<EcsService> {
        for (const json::Value& entry : described) {
            if (is_about(entry.text_at("serviceArn"), entry.text_at("serviceName"), service)) {
                return read_service(answer, entry);
            }
        }
        // A failure where one service alone was asked for is that one's, whatever it is called.
        const bool all_its_own = asked.size() == 1;
        for (const json::Value& entry : failed) {
            if (all_its_own || is_about(entry.text_at("arn"), "", service)) {
                return undescribed(answer, entry);
            }
        }
        return answer.unusable("the service is neither among the services nor among the failures");
    };
    std::vector<Result<EcsService>> read;
    read.reserve(asked.size());
    for (const std::string& service : asked) read.push_back(read_one(service));
    return answer.give(std::move(read));
}

Result<void> read_updated(const reactor::HttpResponse& response, Tasks desired) {
    JsonAnswer answer{ecs_name, "UpdateService", response, services_limits};
    const Tasks set{answer.root().part("service").count("desiredCount")};
    if (answer.wrong()) return *answer.wrong();
    if (set == desired) return {};
    return answer.unusable(
        fmt::format("a desired count of {} where {} was asked for", set.value, desired.value));
}

Result<EcsPage> read_page(const reactor::HttpResponse& response, std::string_view operation,
                          std::string_view key) {
    JsonAnswer answer{ecs_name, operation, response, list_limits};
    EcsPage page;
    for (const json::Value& item : answer.root().list(key)) {
        const std::string_view arn = item.as_string().value_or("");
        if (arn.empty()) answer.reject(fmt::format("{} holds something that is not an ARN", key));
        page.arns.emplace_back(arn);
    }
    const auto token = answer.root().find("nextToken");
    if (token && !token->is_null()) page.next_token = answer.root().text("nextToken");
    return answer.give(std::move(page));
}

namespace {

// Nothing: it cannot be told.
std::optional<bool> is_protected(const json::Value& task, TimePoint now) {
    const auto enabled = task.find("protectionEnabled");
    const auto known = enabled ? enabled->as_bool() : std::nullopt;
    if (!known || !*known) return known;
    const auto date = task.find("expirationDate");
    if (!date || date->is_null()) return true;
    const auto seconds = date->as_double();
    const auto expires = seconds ? from_epoch_seconds(*seconds) : std::nullopt;
    if (!expires) return std::nullopt;
    return *expires > now;
}

}  // namespace

Result<Tasks> read_protected(const reactor::HttpResponse& response,
                             const std::vector<std::string>& asked, TimePoint now) {
    JsonAnswer answer{ecs_name, "GetTaskProtection", response, list_limits};
    std::set<std::string_view> untold(asked.begin(), asked.end());
    Tasks count;
    for (const json::Value& task : answer.root().list("protectedTasks")) {
        if (untold.erase(task.text_at("taskArn")) == 0) continue;
        const auto protection = is_protected(task, now);
        if (!protection) answer.reject("a task's protection is unclear");
        if (protection.value_or(false)) ++count.value;
    }
    for (const json::Value& entry : answer.root().items_at("failures")) {
        const std::string_view reason = excerpt(entry.text_at("reason"), failure_bytes_max);
        if (reason.empty()) answer.reject("a failure without a reason");
        if (answer.wrong()) break;
        if (reason != "MISSING") {
            return answer.error(ErrorKind::invalid, reason,
                                fmt::format("GetTaskProtection failed for a task: {}", reason));
        }
        untold.erase(entry.text_at("arn"));
    }
    if (!untold.empty()) answer.reject("it says nothing of a task");
    return answer.give(count);
}

}  // namespace fas::clients
