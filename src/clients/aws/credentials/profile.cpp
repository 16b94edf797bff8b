#include "clients/aws/credentials/profile.h"

#include "clients/aws/credentials/profile_resolver.h"

namespace fas::clients {

// Reads the files, and finds out where the profile leads.
std::optional<Error> ProfileSource::follow() {
    const Environment& environment = parts_.settings.environment();
    stamp_ = SharedConfig::stamp(environment);
    auto files = SharedConfig::load(environment);
    if (!files) return files.error();
    if (source_ != nullptr && *files == files_) return std::nullopt;
    auto found = resolve_profile(parts_, *files, parts_.settings.profile_name());
    source_ = found ? std::move(*found) : nullptr;
    files_ = std::move(*files);
    return found ? std::nullopt : std::optional{found.error()};
}

reactor::Task<Result<FetchedCredentials>> ProfileSource::fetch(reactor::Scope scope) {
    if (const auto problem = follow()) {
        if (problem->code == "NotConfigured") say_that_it_is_passed_over();
        co_return *problem;
    }
    auto fetched = co_await source_->fetch(std::move(scope));
    // The profile is set up, even where what it leads to is not: no other place is to be asked.
    if (!fetched && fetched.error().code == "NotConfigured") {
        co_return bad_profile(parts_.settings.profile_name(), fetched.error().message);
    }
    co_return fetched;
}

// Whoever names a profile may take its keys for the ones in use.
void ProfileSource::say_that_it_is_passed_over() {
    if (!parts_.settings.profile_named() || said_) return;
    said_ = true;
    parts_.log.write(LogLevel::warning,
                     "the profile says nothing of keys, and so they come from elsewhere: a web "
                     "identity, the container's role or the instance's",
                     {{"profile", parts_.settings.profile_name()}});
}

bool ProfileSource::changed() const {
    return SharedConfig::stamp(parts_.settings.environment()) != stamp_;
}

}  // namespace fas::clients
