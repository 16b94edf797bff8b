// What a signature costs beside the hashes that it cannot do without: `sign` is to take at most
// twice the time of `hashes`, which feeds the same bytes to the same SHA-256. The two take turns,
// for the machine's clock drifts.
//
//   sign_bench SAMPLES     prints JSON, nanoseconds of this thread: {"sign": [...], "hashes":
//   [...]}
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sigv4/digest.h"
#include "sigv4/signer.h"
#include "sigv4/signing_key.h"

namespace {

using namespace fas::sigv4;

const fas::TimePoint now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23);
const Service service{"sqs", "eu-west-1"};

// STS hands out tokens of many lengths; those of an assumed role have around 800 characters.
constexpr std::size_t role_token_size = 800;

Credentials credentials(std::size_t token_size) {
    return {"ASIAIOSFODNN7EXAMPLE", fas::Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            fas::Secret(std::string(token_size, 'T'))};
}

// SQS GetQueueAttributes, as the autoscaler sends it at every check.
struct GetQueueAttributes {
    std::string body =
        R"({"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/123456789012/orders-to-be-shipped",)"
        R"("AttributeNames":["ApproximateNumberOfMessages",)"
        R"("ApproximateNumberOfMessagesNotVisible","ApproximateNumberOfMessagesDelayed",)"
        R"("ApproximateAgeOfOldestMessage","VisibilityTimeout","MessageRetentionPeriod"]})";
    std::vector<Field> headers = {{"Host", "sqs.eu-west-1.amazonaws.com"},
                                  {"Content-Type", "application/x-amz-json-1.0"},
                                  {"X-Amz-Target", "AmazonSQS.GetQueueAttributes"},
                                  {"x-amzn-query-mode", "true"},
                                  {"User-Agent", "fast-autoscaler"}};

    Request request() const { return {"POST", "/", {}, headers, body}; }
};

// Keeps the compiler from leaving out what nobody looks at.
template <class T>
void keep(const T& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

double thread_ns() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

constexpr int repetitions = 20'000;  // a sample

double sample(const std::function<void()>& body) {
    const double began = thread_ns();
    for (int i = 0; i < repetitions; ++i) body();
    return (thread_ns() - began) / repetitions;
}

std::string json_array(const std::vector<double>& values) {
    return fmt::format("[{:.1f}]", fmt::join(values, ", "));
}

}  // namespace

int main(int count, char** arguments) {
    const int samples = count == 2 ? std::atoi(arguments[1]) : 0;
    if (samples <= 0) {
        fmt::print(stderr, "usage: sign_bench SAMPLES\n");
        return 2;
    }
    const GetQueueAttributes call;
    const Credentials keys = credentials(role_token_size);
    Signer signer;
    Explanation texts;
    signer.sign(call.request(), service, keys, now, &texts);  // the day's first derives the key
    const HmacSha256 key =
        derive_signing_key(keys.secret_access_key, "20261123", service.region, service.name);

    const auto sign = [&] { keep(signer.sign(call.request(), service, keys, now)); };
    const auto hash = [&] {
        keep(sha256(call.body));
        keep(sha256(texts.canonical_request));
        keep(key(texts.string_to_sign));
    };
    std::vector<double> signs;
    std::vector<double> hashes;
    for (int i = -1; i < samples; ++i) {  // the first warms up
        const double one_sign = sample(sign);
        const double one_hash = sample(hash);
        if (i < 0) continue;
        signs.push_back(one_sign);
        hashes.push_back(one_hash);
    }
    fmt::print("{{\"sign\": {}, \"hashes\": {}}}\n", json_array(signs), json_array(hashes));
    return 0;
}
