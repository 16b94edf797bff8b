#include "clients/aws/services/ecs.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "clients/answers/answer.h"
#include "clients/aws/error.h"
#include "reactor/when_all.h"

namespace fas::clients {

namespace {

constexpr AwsService ecs{.name = "ECS",
                         .signing_name = "ecs",
                         .host_prefix = "ecs",
                         .target_prefix = "AmazonEC2ContainerServiceV20141113",
                         .protocol = Protocol::json_1_1};

constexpr int listing_pages_max = 200;
constexpr int page_items_max = 100;
constexpr std::ptrdiff_t tasks_per_call_max = 100;

// Of a service's ARN, the name; a name as it is.
std::string_view name_of(std::string_view service) {
    return service.starts_with("arn:") ? service.substr(service.rfind('/') + 1) : service;
}

}  // namespace

EcsClient::EcsClient(AwsContext& context) : client_(context, ecs) {}

reactor::Task<Result<std::vector<Result<EcsService>>>> EcsClient::describe_services(
    std::string cluster, std::vector<std::string> services, reactor::Scope scope) {
    if (services.empty() || services.size() > services_per_call_max) {
        co_return Error{.message = fmt::format("DescribeServices takes 1 to {} services, not {}",
                                               services_per_call_max, services.size()),
                        .service = std::string{ecs.name}};
    }
    JsonWriter body;
    body.begin_object().member("cluster", std::string_view{cluster});
    body.key("services").begin_array();
    for (const std::string& service : services) body.value(std::string_view{service});
    body.end_array().key("include").begin_array().value("TAGS").end_array().end_object();

    AwsRequest request = client_.json_request("DescribeServices", body.take());
    request.response_bytes_max = services_answer_bytes_max;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_services(*response, services);
}

reactor::Task<Result<std::string>> EcsClient::update_desired_count(std::string cluster,
                                                                   std::string service,
                                                                   Tasks desired,
                                                                   reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    body.member("cluster", std::string_view{cluster});
    body.member("service", std::string_view{service});
    body.member("desiredCount", desired.value);
    body.end_object();

    AwsRequest request = client_.json_request("UpdateService", body.take());
    request.begins_within = change_begins_within;
    request.response_bytes_max = services_answer_bytes_max;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    auto updated = read_updated(*response, desired);
    if (!updated) co_return updated.error();
    co_return std::string{request_id(*response)};
}

reactor::Task<Result<std::vector<std::string>>> EcsClient::list(Listing listing,
                                                                reactor::Scope scope) {
    std::vector<std::string> arns;
    std::string next_token;
    for (int page_number = 0; page_number < listing_pages_max; ++page_number) {
        JsonWriter body;
        body.begin_object();
        for (const auto& [name, value] : listing.filters) {
            body.member(name, std::string_view{value});
        }
        body.member("maxResults", page_items_max);
        if (!next_token.empty()) body.member("nextToken", std::string_view{next_token});
        body.end_object();

        auto response = co_await client_.call_json(listing.operation, body.take(), scope);
        if (!response) co_return response.error();
        auto page = read_page(*response, listing.operation, listing.key);
        if (!page) co_return page.error();
        std::ranges::move(page->arns, std::back_inserter(arns));
        if (page->next_token.empty()) co_return arns;
        next_token = std::move(page->next_token);
    }
    co_return Error{.kind = ErrorKind::invalid,
                    .message = fmt::format("{} has more than {} pages of {}: that is more than is "
                                           "read",
                                           listing.operation, listing_pages_max, page_items_max),
                    .service = std::string{ecs.name},
                    .code = "TooManyPages"};
}

reactor::Task<Result<std::vector<std::string>>> EcsClient::list_clusters(reactor::Scope scope) {
    Listing listing{.operation = "ListClusters", .key = "clusterArns"};
    co_return co_await list(std::move(listing), std::move(scope));
}

reactor::Task<Result<std::vector<std::string>>> EcsClient::list_services(std::string cluster,
                                                                         reactor::Scope scope) {
    Listing listing{.operation = "ListServices", .key = "serviceArns"};
    listing.filters.emplace_back("cluster", std::move(cluster));
    co_return co_await list(std::move(listing), std::move(scope));
}

reactor::Task<Result<Tasks>> EcsClient::protected_tasks(std::string cluster, std::string service,
                                                        reactor::Scope scope) {
    Listing listing{.operation = "ListTasks", .key = "taskArns"};
    listing.filters.emplace_back("cluster", cluster);
    listing.filters.emplace_back("serviceName", name_of(service));
    listing.filters.emplace_back("desiredStatus", "RUNNING");
    const auto tasks = co_await list(std::move(listing), scope);
    if (!tasks) co_return tasks.error();

    std::vector<reactor::Task<Result<Tasks>>> calls;
    for (auto begin = tasks->begin(); begin != tasks->end();) {
        const auto end = begin + std::min(tasks_per_call_max, tasks->end() - begin);
        std::vector<std::string> asked(begin, end);
        calls.push_back(protected_among(cluster, std::move(asked), scope));
        begin = end;
    }
    const auto answers = co_await reactor::when_all(std::move(calls));
    Tasks count;
    for (const Result<Tasks>& some : answers) {
        if (!some) co_return some.error();
        count = count + *some;
    }
    co_return count;
}

reactor::Task<Result<Tasks>> EcsClient::protected_among(std::string cluster,
                                                        std::vector<std::string> tasks,
                                                        reactor::Scope scope) {
    JsonWriter body;
    body.begin_object().member("cluster", std::string_view{cluster});
    body.key("tasks").begin_array();
    for (const std::string& task : tasks) body.value(std::string_view{task});
    body.end_array().end_object();

    auto response = co_await client_.call_json("GetTaskProtection", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_protected(*response, tasks, client_.now());
}

}  // namespace fas::clients
