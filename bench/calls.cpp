// How many signed HTTPS calls a second the program's own client makes on its one thread: SQS's
// GetQueueAttributes, 64 in flight over kept connections, each answer parsed.
//
//   calls_bench SECONDS      with AWS_ENDPOINT_URL_SQS, AWS_CA_BUNDLE and SQS_QUEUE_URL set
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/plumbing.h"
#include "clients/aws/config/aws_settings.h"
#include "clients/aws/config/shared_config.h"
#include "clients/aws/credentials/provider.h"
#include "clients/aws/services/sqs.h"
#include "reactor/when_all.h"

namespace {

using namespace fas;

constexpr std::size_t in_flight = 64;
constexpr Milliseconds warm_up{300};

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "calls_bench: %s\n", why.c_str());
    std::exit(1);
}

class FixedKeys final : public clients::CredentialsProvider {
  public:
    explicit FixedKeys(const Environment& environment)
        : keys_{environment("AWS_ACCESS_KEY_ID").value_or(""),
                Secret(environment("AWS_SECRET_ACCESS_KEY").value_or("")),
                Secret(environment("AWS_SESSION_TOKEN").value_or(""))} {}

    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope) override { co_return keys_; }
    void refused(const sigv4::Credentials&) override {}

  private:
    sigv4::Credentials keys_;
};

reactor::Task<int> call_until(clients::SqsClient* queue, std::string url, SteadyTime end) {
    int count = 0;
    while (std::chrono::steady_clock::now() < end) {
        reactor::Scope scope;
        auto counts = co_await queue->queue_counts(clients::queue_address(url),
                                                   clients::Delayed::leave_out, std::move(scope));
        if (!counts) fail(counts.error().message);
        ++count;
    }
    co_return count;
}

int call_for(reactor::Reactor& reactor, clients::SqsClient& queue, const std::string& url,
             Milliseconds duration) {
    std::vector<reactor::Task<int>> callers;
    const SteadyTime end = std::chrono::steady_clock::now() + duration;
    for (std::size_t i = 0; i < in_flight; ++i) callers.push_back(call_until(&queue, url, end));
    int sum = 0;
    for (const int count : reactor.run(reactor::when_all(std::move(callers)))) sum += count;
    return sum;
}

clients::AwsSettings read_settings(const Environment& environment) {
    auto files = clients::SharedConfig::load(environment);
    if (!files) fail(files.error().message);
    auto settings = clients::AwsSettings::make(environment, std::move(*files));
    if (!settings) fail(settings.error().message);
    return std::move(*settings);
}

}  // namespace

int main(int count, char** arguments) {
    const double seconds = count == 2 ? std::atof(arguments[1]) : 0;
    if (seconds <= 0) fail("usage: calls_bench SECONDS");
    app::Plumbing plumbing{process_environment()};
    const std::string url = plumbing.environment("SQS_QUEUE_URL").value_or("");
    const clients::AwsSettings settings = read_settings(plumbing.environment);
    FixedKeys keys{plumbing.environment};
    clients::AwsContext context{plumbing.reactor, plumbing.http, keys,       plumbing.clock,
                                plumbing.log,     settings,      "eu-west-1"};
    clients::SqsClient queue{context};

    call_for(plumbing.reactor, queue, url, warm_up);
    const auto began = std::chrono::steady_clock::now();
    const Milliseconds time{static_cast<long>(seconds * 1000)};
    const int calls = call_for(plumbing.reactor, queue, url, time);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("{\"calls\": %d, \"seconds\": %f}\n", calls, took.count());
    return 0;
}
