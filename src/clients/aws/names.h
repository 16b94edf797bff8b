// What names of AWS's things may look like. Each check accepts exactly what the pattern beside it
// does (a test compares them); the pattern is for the published schema. The checks are written out
// because compiling a pattern costs more than the rest of the start-up's reading.
//
// Names are put into URLs and S3 keys, so nothing passes here that could leave its place there:
// no "..", no slash in a name, no control character.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fas::clients {

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
inline constexpr std::string_view bucket_pattern =
    R"(^(?![0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$)(?!.*\.\.)(?!.*--x-s3$))"
    "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";
bool is_bucket(std::string_view text);

// A DNS label, since a region becomes one. Which regions exist is AWS's to say.
inline constexpr std::string_view region_pattern = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$";
bool is_region(std::string_view text);

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
inline constexpr std::string_view cluster_pattern =
    "^([A-Za-z0-9_-]{1,255}"
    "|arn:aws(-[a-z]+)*:ecs:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_-]{1,255})$";
bool is_cluster(std::string_view text);

// The older form of a service's ARN does not name the cluster.
inline constexpr std::string_view service_pattern =
    "^([A-Za-z0-9_-]{1,255}"
    "|arn:aws(-[a-z]+)*:ecs:[a-z0-9-]+:[0-9]{12}:service/([A-Za-z0-9_-]{1,255}/)?"
    "[A-Za-z0-9_-]{1,255})$";
bool is_service(std::string_view text);

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
inline constexpr std::string_view role_arn_pattern =
    "^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,576}$";
bool is_role_arn(std::string_view text);

// A queue of SQS: its URL, its ARN or its name. http, too, for queues that are not Amazon's; a host
// of Amazon's needs https.
inline constexpr std::string_view queue_pattern =
    R"(^((https|http(?!://[^/]*\.([Aa][Mm][Aa][Zz][Oo][Nn][Aa][Ww][Ss]\.)"
    R"(|[Aa][Pp][Ii]\.[Aa][Ww][Ss]))))"
    R"(://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/[A-Za-z0-9._~!$&'()*+,;=:@%/-]+)"
    R"(|(arn:aws(-[a-z]+)*:sqs:[a-z0-9-]+:[0-9]{12}:)?)"
    R"(([A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo))$)";
bool is_queue(std::string_view text);

}  // namespace fas::clients
