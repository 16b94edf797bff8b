// The AWS Lambda runtime API: where a custom runtime gets its events and leaves its results.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "reactor/local_http.h"

namespace fas::app {

struct Invocation {
    std::string request_id;
    std::string event;                  // JSON, as it came
    std::optional<TimePoint> deadline;  // absent when the header is missing or malformed
    std::string trace_id;               // empty: none
};

// What `invocation/next` answered. Errors: invalid, for an answer that is no invocation.
Result<Invocation> read_invocation(reactor::HttpResponse response);

// A failure as Lambda reports it to the caller and counts it in its Errors metric.
struct InvocationError {
    std::string type;  // "Autoscaler.QueueUnreadable"
    std::string message;
};

class RuntimeApi {
  public:
    // `address`: the value of AWS_LAMBDA_RUNTIME_API, as LocalHttp takes it. The reactor must
    // outlive this.
    RuntimeApi(reactor::Reactor& reactor, const std::string& address) : http_(reactor, address) {}

    // Waits for the next event, for as long as it takes: the sandbox may be frozen meanwhile. The
    // request is on its way when this first waits.
    // Errors: those of LocalHttp::send and read_invocation.
    reactor::Task<Result<Invocation>> next(reactor::Scope scope);

    // Errors: those of LocalHttp::send; invalid when Lambda refuses the result, which then counts
    // as failed (413: too large); bug, when Lambda says that the sandbox is broken (500): the
    // process is to exit.
    reactor::Task<Result<void>> respond(std::string request_id, std::string result,
                                        reactor::Scope scope);
    reactor::Task<Result<void>> fail(std::string request_id, InvocationError error,
                                     reactor::Scope scope);

    // Says that the function cannot start at all; the process then exits.
    reactor::Task<Result<void>> fail_init(InvocationError error, reactor::Scope scope);

  private:
    reactor::Task<Result<void>> post(std::string path, std::string body,
                                     std::vector<reactor::HttpHeader> headers,
                                     reactor::Scope scope);

    reactor::LocalHttp http_;
};

}  // namespace fas::app
