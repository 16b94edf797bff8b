#include "app/plumbing.h"

#include <unistd.h>

namespace fas::app {

namespace {

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html (ca_bundle)
reactor::HttpClientOptions http_options(const Environment& environment) {
    reactor::HttpClientOptions options;
    for (const char* const name : {"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) {
        if (auto file = environment(name); file && options.ca_bundle.empty()) {
            options.ca_bundle = std::move(*file);
        }
    }
    return options;
}

}  // namespace

Plumbing::Plumbing(Environment process_environment, std::size_t waiting_output_max)
    : environment(std::move(process_environment)),
      out(STDOUT_FILENO, waiting_output_max),
      err(STDERR_FILENO, waiting_output_max),
      log(LogLevel::info, err),
      http(reactor, http_options(environment)) {}

}  // namespace fas::app
