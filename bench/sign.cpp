// What a signature costs beside the hashes that it cannot do without: `sign` is to take at most
// twice the time of `hashes`, which feeds the same bytes to the same SHA-256. Run the pairs in
// turns, for the machine's clock drifts:
//
//   sign_bench --benchmark_enable_random_interleaving=true --benchmark_repetitions=20
//              --benchmark_report_aggregates_only=true [--benchmark_format=json]
#include <benchmark/benchmark.h>

#include <chrono>
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

void sign(benchmark::State& state, std::size_t token_size) {
    const GetQueueAttributes call;
    const Credentials keys = credentials(token_size);
    Signer signer;
    signer.sign(call.request(), service, keys, now);  // the day's first signature derives the key
    for (auto _ : state) {
        benchmark::DoNotOptimize(signer.sign(call.request(), service, keys, now));
    }
}

void hashes(benchmark::State& state, std::size_t token_size) {
    const GetQueueAttributes call;
    const Credentials keys = credentials(token_size);
    Explanation texts;
    Signer().sign(call.request(), service, keys, now, &texts);
    const HmacSha256 key =
        derive_signing_key(keys.secret_access_key, "20261123", service.region, service.name);
    for (auto _ : state) {
        benchmark::DoNotOptimize(sha256(call.body));
        benchmark::DoNotOptimize(sha256(texts.canonical_request));
        benchmark::DoNotOptimize(key(texts.string_to_sign));
    }
    state.counters["body_bytes"] = static_cast<double>(call.body.size());
    state.counters["canonical_bytes"] = static_cast<double>(texts.canonical_request.size());
}

BENCHMARK_CAPTURE(sign, role_token, role_token_size)->Name("sign");
BENCHMARK_CAPTURE(hashes, role_token, role_token_size)->Name("hashes");
BENCHMARK_CAPTURE(sign, no_token, 0)->Name("sign_without_token");
BENCHMARK_CAPTURE(hashes, no_token, 0)->Name("hashes_without_token");

}  // namespace

BENCHMARK_MAIN();
