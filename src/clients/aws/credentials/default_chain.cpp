#include "clients/aws/credentials/default_chain.h"

#include <fmt/format.h>

#include <vector>

#include "clients/aws/credentials/container.h"
#include "clients/aws/credentials/environment.h"
#include "clients/aws/credentials/imds.h"
#include "clients/aws/credentials/profile.h"
#include "clients/aws/credentials/web_identity.h"

namespace fas::clients {

namespace {

class DefaultChain final : public CredentialsSource {
  public:
    explicit DefaultChain(std::vector<std::unique_ptr<CredentialsSource>> sources)
        : sources_(std::move(sources)) {}

    reactor::Task<Result<FetchedCredentials>> fetch(reactor::Scope scope) override {
        std::string looked;
        for (const auto& source : sources_) {
            auto fetched = co_await source->fetch(scope);
            if (fetched || fetched.error().code != "NotConfigured") co_return fetched;
            looked += looked.empty() ? "" : "; ";
            looked += fetched.error().message;
        }
        co_return Error{.kind = ErrorKind::denied,
                        .message = fmt::format("no AWS credentials: {}", looked),
                        .code = "NoCredentials"};
    }

  private:
    std::vector<std::unique_ptr<CredentialsSource>> sources_;
};

}  // namespace

std::unique_ptr<CredentialsSource> default_chain(const CredentialsParts& parts) {
    std::vector<std::unique_ptr<CredentialsSource>> sources;
    if (!parts.settings.profile_given()) {
        sources.push_back(std::make_unique<EnvironmentSource>(parts.settings.environment()));
    }
    sources.push_back(std::make_unique<ProfileSource>(parts));
    sources.push_back(WebIdentitySource::from_environment(parts));
    sources.push_back(std::make_unique<ContainerSource>(parts));
    sources.push_back(std::make_unique<ImdsSource>(parts));
    return std::make_unique<DefaultChain>(std::move(sources));
}

}  // namespace fas::clients
