// What proves an IAM role to Amazon MSK: a presigned request for kafka-cluster:Connect, in base64,
// which Kafka's SASL/OAUTHBEARER carries as its token. Pure.
// https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/time.h"
#include "sigv4/credentials.h"

namespace fas::clients {

struct MskToken {
    Secret text;
    TimePoint signed_at;
    TimePoint expires;  // 15 minutes later, the most that MSK accepts
    std::string access_key_id;
};

MskToken make_msk_token(const sigv4::Credentials& credentials, std::string_view region,
                        TimePoint now);

}  // namespace fas::clients
