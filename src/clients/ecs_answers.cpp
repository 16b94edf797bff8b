#include "clients/ecs_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/excerpt.h"
#include "clients/aws_error.h"
#include "json/reader.h"

namespace fas::clients {

namespace {

constexpr std::size_t depth_max = 32;
constexpr json::Limits list_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 8};
constexpr std::size_t reason_bytes_max = 100;

Error failure(const reactor::HttpResponse& response, ErrorKind kind, std::string code,
              std::string message) {
    return {.kind = kind,
            .message = std::move(message),
            .service = "ECS",
            .code = std::move(code),
            .http_status = response.status,
            .request_id = std::string{request_id(response)}};
}

Error unusable(const reactor::HttpResponse& response, std::string_view operation,
               std::string_view why) {
    return failure(response, ErrorKind::invalid, "UnusableAnswer",
                   fmt::format("{} answered something unusable: {}", operation, why));
}

std::string_view text_of(const json::Value& object, std::string_view key) {
    const auto member = object.find(key);
    return member ? member->as_string().value_or("") : "";
}

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

std::optional<Tasks> read_tasks(const json::Value& service, std::string_view key) {
    const auto member = service.find(key);
    const auto count = member ? member->as_int() : std::nullopt;
    if (!count || *count < 0) return std::nullopt;
    return Tasks{*count};
}

// A second deployment means that its tasks are replacing the first one's. (A rollout state alone
// says less: a new service's only deployment stays IN_PROGRESS until it is steady.)
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
bool deployment_in_progress(const json::Value& service) {
    const auto deployments = service.find("deployments");
    return deployments && deployments->items().size() > 1;
}

std::vector<EcsTag> read_tags(const json::Value& service) {
    std::vector<EcsTag> ours;
    const auto tags = service.find("tags");
    if (!tags) return ours;
    for (const json::Value& tag : tags->items()) {
        add_own_tag(ours, text_of(tag, "key"), text_of(tag, "value"));
    }
    return ours;
}

// The events, which are most of an answer, are never looked at.
Result<EcsService> read_service(const reactor::HttpResponse& response, const json::Value& service) {
    const auto desired = read_tasks(service, "desiredCount");
    const auto running = read_tasks(service, "runningCount");
    const auto pending = read_tasks(service, "pendingCount");
    if (!desired) return unusable(response, "DescribeServices", "no desiredCount");
    if (!running) return unusable(response, "DescribeServices", "no runningCount");
    if (!pending) return unusable(response, "DescribeServices", "no pendingCount");
    return EcsService{std::string{text_of(service, "status")},
                      std::string{text_of(service, "schedulingStrategy")},
                      *desired,
                      *running,
                      *pending,
                      deployment_in_progress(service),
                      read_tags(service)};
}

// What ECS could not describe is an entry in failures[], under HTTP 200.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
Error undescribed(const reactor::HttpResponse& response, const json::Value& entry) {
    const std::string_view reason = excerpt(text_of(entry, "reason"), reason_bytes_max);
    if (reason.empty() || reason == "MISSING") {
        return failure(response, ErrorKind::not_found, "MISSING",
                       "DescribeServices knows no such service in this cluster");
    }
    return failure(response, ErrorKind::invalid, std::string{reason},
                   fmt::format("DescribeServices failed for the service: {}", reason));
}

}  // namespace

Result<std::vector<Result<EcsService>>> read_services(const reactor::HttpResponse& response,
                                                      const std::vector<std::string>& asked) {
    const auto document = json::parse(
        response.body, {.bytes_max = services_answer_bytes_max, .depth_max = depth_max});
    if (!document) return unusable(response, "DescribeServices", document.error().message);
    const auto services = document->root().find("services");
    if (!services || !services->is_array()) {
        return unusable(response, "DescribeServices", "it has no services");
    }
    const auto failures = document->root().find("failures");
    const std::vector<json::Value> described = services->items();
    const std::vector<json::Value> failed =
        failures ? failures->items() : std::vector<json::Value>{};

    const auto read_one = [&](std::string_view service) -> Result<EcsService> {
        for (const json::Value& entry : described) {
            if (is_about(text_of(entry, "serviceArn"), text_of(entry, "serviceName"), service)) {
                return read_service(response, entry);
            }
        }
        // A failure where one service alone was asked for is that one's, whatever it is called.
        const bool all_its_own = asked.size() == 1;
        for (const json::Value& entry : failed) {
            if (all_its_own || is_about(text_of(entry, "arn"), "", service)) {
                return undescribed(response, entry);
            }
        }
        return unusable(response, "DescribeServices",
                        "the service is neither among the services nor among the failures");
    };
    std::vector<Result<EcsService>> read;
    read.reserve(asked.size());
    for (const std::string& service : asked) read.push_back(read_one(service));
    return read;
}

Result<EcsPage> read_page(const reactor::HttpResponse& response, std::string_view operation,
                          std::string_view key) {
    const auto document = json::parse(response.body, list_limits);
    if (!document) return unusable(response, operation, document.error().message);
    const auto arns = document->root().find(key);
    if (!arns || !arns->is_array()) {
        return unusable(response, operation, fmt::format("it has no {}", key));
    }
    EcsPage page;
    for (const json::Value& item : arns->items()) {
        const auto arn = item.as_string();
        if (!arn || arn->empty()) {
            return unusable(response, operation, fmt::format("{} holds what is no ARN", key));
        }
        page.arns.emplace_back(*arn);
    }
    const auto token = document->root().find("nextToken");
    if (token && !token->is_null()) {
        const auto text = token->as_string();
        if (!text) return unusable(response, operation, "nextToken is no text");
        page.next_token = *text;
    }
    return page;
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
    constexpr std::string_view operation = "GetTaskProtection";
    const auto document = json::parse(response.body, list_limits);
    if (!document) return unusable(response, operation, document.error().message);
    const auto tasks = document->root().find("protectedTasks");
    if (!tasks || !tasks->is_array()) return unusable(response, operation, "no protectedTasks");

    std::set<std::string_view> untold(asked.begin(), asked.end());
    Tasks count;
    for (const json::Value& task : tasks->items()) {
        if (untold.erase(text_of(task, "taskArn")) == 0) continue;
        const auto protection = is_protected(task, now);
        if (!protection) return unusable(response, operation, "a task's protection is unclear");
        if (*protection) ++count.value;
    }
    const auto failures = document->root().find("failures");
    for (const json::Value& entry : failures ? failures->items() : std::vector<json::Value>{}) {
        const std::string_view reason = excerpt(text_of(entry, "reason"), reason_bytes_max);
        if (reason.empty()) return unusable(response, operation, "a failure without a reason");
        if (reason != "MISSING") {
            return failure(response, ErrorKind::invalid, std::string{reason},
                           fmt::format("{} failed for a task: {}", operation, reason));
        }
        untold.erase(text_of(entry, "arn"));
    }
    if (!untold.empty()) return unusable(response, operation, "it says nothing of a task");
    return count;
}

}  // namespace fas::clients
