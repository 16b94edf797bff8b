// Amazon EC2 Auto Scaling: what a group has, and how many instances it should have.
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribePolicies.html
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScheduledActions.html
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html
#pragma once

#include <string>
#include <vector>

#include "base/count.h"
#include "clients/aws/client.h"
#include "clients/aws/control_tag.h"

namespace fas::clients {

// Counts are in the unit of the group's desired capacity: instances, or the weights that a mixed
// group gives them. A warm pool's instances, and those in standby or on their way out, are in none.
struct AutoScalingGroup {
    Tasks desired;
    Tasks min;
    Tasks max;
    Tasks running;            // InService
    Tasks pending;            // Pending, with its waits
    Tasks protected_from_in;  // of those two, the ones that are protected from a scale-in
    std::string status;       // "Delete in progress"; empty otherwise
    std::string unit;         // DesiredCapacityType: "units", "vcpu", "memory-mib"; may be empty
    bool launch_suspended = false;
    bool terminate_suspended = false;
    bool alarms_suspended = false;     // AlarmNotification: no policy changes it
    bool schedules_suspended = false;  // ScheduledActions: no schedule does
    // The service that alone may change the group, "eks.amazonaws.com"; empty: nobody in
    // particular.
    std::string operator_principal;
    // Those that are meant for this program, without the "fast-autoscaler:" that they begin with.
    std::vector<ControlTag> tags;
};

// What DescribeAutoScalingGroups answered, asked for one group. Errors: not_found "GroupNotFound";
// invalid "UnusableAnswer", also for one instance that is not told of wholly.
Result<AutoScalingGroup> read_group(const reactor::HttpResponse& response);

// Whether DescribeInstanceRefreshes tells of one that has not ended. Errors: invalid
// "UnusableAnswer".
Result<bool> read_refreshing(const reactor::HttpResponse& response);

// The names of the scaling policies of which DescribePolicies tells and that change the capacity,
// and of the scheduled actions of which DescribeScheduledActions does. Errors: invalid
// "UnusableAnswer".
Result<std::vector<std::string>> read_policies(const reactor::HttpResponse& response);
Result<std::vector<std::string>> read_scheduled_actions(const reactor::HttpResponse& response);

class AutoScalingClient {
  public:
    explicit AutoScalingClient(AwsContext& context);

    // Errors of all: those of AwsClient::send, and of the functions above.
    reactor::Task<Result<AutoScalingGroup>> group(std::string name, reactor::Scope scope);
    reactor::Task<Result<bool>> refreshing(std::string name, reactor::Scope scope);

    // Of a group: what else changes its capacity, by the first page of each, which has fifty.
    reactor::Task<Result<std::vector<std::string>>> policies(std::string name,
                                                             reactor::Scope scope);
    reactor::Task<Result<std::vector<std::string>>> scheduled_actions(std::string name,
                                                                      reactor::Scope scope);

    // Without regard to the group's own cooldown. Sending it twice does no harm. Gives the request
    // id. Errors besides: not_found, conflict "ScalingActivityInProgress", and invalid
    // "ValidationError" for a count that is outside of the group's bounds.
    reactor::Task<Result<std::string>> set_desired_capacity(std::string name, Tasks desired,
                                                            reactor::Scope scope);

  private:
    // An operation that is asked about one group.
    reactor::Task<Result<reactor::HttpResponse>> describe(std::string operation, std::string name,
                                                          reactor::Scope scope);

    AwsClient client_;
};

}  // namespace fas::clients
