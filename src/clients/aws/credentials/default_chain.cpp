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
            if (set_up_ != nullptr && source.get() != set_up_) continue;
            auto fetched = co_await source->fetch(scope);
            if (fetched || fetched.error().code != "NotConfigured") {
                set_up_ = source.get();
                co_return fetched;
            }
            looked += looked.empty() ? "" : "; ";
            looked += fetched.error().message;
        }
        co_return Error{.kind = ErrorKind::denied,
                        .message = fmt::format("no AWS credentials: {}", looked),
                        .code = "NoCredentials"};
    }

    bool changed() const override { return set_up_ != nullptr && set_up_->changed(); }

  private:
    std::vector<std::unique_ptr<CredentialsSource>> sources_;
    // The first that was set up stays the one: a file that is away for a moment, while it is being
    // replaced, must not lead to the keys of another account.
    const CredentialsSource* set_up_ = nullptr;
};

}  // namespace

std::unique_ptr<CredentialsSource> default_chain(const CredentialsParts& parts) {
    std::vector<std::unique_ptr<CredentialsSource>> sources;
    if (!parts.settings.profile_given()) {
        sources.push_back(
            std::make_unique<EnvironmentSource>(parts.settings.environment(), parts.clock));
    }
    sources.push_back(std::make_unique<ProfileSource>(parts));
    sources.push_back(WebIdentitySource::from_environment(parts));
    sources.push_back(std::make_unique<ContainerSource>(parts));
    sources.push_back(std::make_unique<ImdsSource>(parts));
    return std::make_unique<DefaultChain>(std::move(sources));
}

}  // namespace fas::clients
