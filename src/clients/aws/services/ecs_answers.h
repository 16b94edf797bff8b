// What ECS answered, as values: each function reads one operation's answer, and is pure. Errors of
// all of them: invalid "UnusableAnswer", for an answer that is not what the operation's page says.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/count.h"
#include "base/result.h"
#include "base/time.h"
#include "clients/aws/control_tag.h"
#include "reactor/http.h"

namespace fas::clients {

// The most that is read of an answer of DescribeServices: each of ten services may come with a
// hundred events, a deployment history and fifty tags.
constexpr std::size_t services_answer_bytes_max = std::size_t{4} << 20U;

struct EcsService {
    std::string status;               // "ACTIVE", "DRAINING" or "INACTIVE"
    std::string scheduling_strategy;  // "REPLICA" or "DAEMON"
    bool is_express = false;          // its resourceManagementType is ECS
    Tasks desired;
    Tasks running;
    Tasks pending;
    std::optional<bool> deployment_in_progress;  // absent: the answer says nothing of deployments
    // Those that are meant for this program, without the "fast-autoscaler:" that they begin with.
    // Absent: the answer says nothing of tags.
    std::optional<std::vector<ControlTag>> tags;
};

// What DescribeServices said of each service that was asked for, by its name or its ARN; in the
// order asked. Of one service alone: not_found, for one that is not there; invalid, with ECS's
// reason as the code, for one that could not be described; invalid "UnusableAnswer", for one whose
// counts are not all there, or of which the answer says nothing.
Result<std::vector<Result<EcsService>>> read_services(const reactor::HttpResponse& response,
                                                      const std::vector<std::string>& asked);

// What UpdateService made of it: that the service is to have so many tasks now. Errors: invalid
// "UnusableAnswer", for an answer that does not say so.
Result<void> read_updated(const reactor::HttpResponse& response, Tasks desired);

struct EcsPage {
    std::vector<std::string> arns;
    std::string next_token;  // empty: this is the last page
};

// A page of what `operation` lists ("ListServices"), which is in the member `key` ("serviceArns").
Result<EcsPage> read_page(const reactor::HttpResponse& response, std::string_view operation,
                          std::string_view key);

// How many of the tasks asked about, by their ARNs, GetTaskProtection calls protected at `now`. One
// that is MISSING has ended, and is not. Errors besides: invalid, with ECS's reason as the code,
// for any other failure; "UnusableAnswer" also where nothing is said of a task.
Result<Tasks> read_protected(const reactor::HttpResponse& response,
                             const std::vector<std::string>& asked, TimePoint now);

}  // namespace fas::clients
