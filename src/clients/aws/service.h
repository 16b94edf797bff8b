// What a client must know of an AWS service to call it.
#pragma once

#include <string_view>

#include "clients/aws/retry.h"
#include "sigv4/signer.h"

namespace fas::clients {

enum class Protocol { json_1_0, json_1_1, rest_json, rest_xml, query };

struct AwsService {
    std::string_view name;           // "SQS", "Auto Scaling": in messages, and AWS_ENDPOINT_URL_*
    std::string_view signing_name;   // "sqs"
    std::string_view host_prefix;    // "sqs" of sqs.eu-west-1.amazonaws.com
    std::string_view target_prefix;  // of the X-Amz-Target header; the Version of a Query service;
                                     // empty for REST services
    Protocol protocol;
    sigv4::PathEncoding path_encoding = sigv4::PathEncoding::normalize_and_encode_again;
    bool content_sha256_header = false;
    int attempts_max = clients::attempts_max;
    Milliseconds transient_backoff = clients::transient_backoff;
};

}  // namespace fas::clients
