// Keeps the credentials of a source fresh: refreshes them early and in the background, one refresh
// at a time, and keeps the old ones while a refresh fails. One thread.
//
// With 15 minutes left a refresh starts in the background, and get() gives the keys at hand,
// however long the refresh takes: a source that hangs holds up nobody whose keys are good. Once
// they have expired get() waits for it; if it fails, they are still given, and the service decides.
// While refreshes fail, or bring keys that are about to expire too, they are spaced out: a second
// or less at first, in the end five minutes. Where the source says that it has changed, of which it
// is asked once a second, a refresh starts in the background too.
#pragma once

#include <memory>
#include <optional>
#include <random>

#include "base/clock.h"
#include "base/log.h"
#include "clients/aws/credentials/provider.h"
#include "clients/aws/credentials/source.h"
#include "reactor/background.h"
#include "reactor/event.h"
#include "reactor/reactor.h"

namespace fas::clients {

class RefreshingCredentials final : public CredentialsProvider {
  public:
    // The reactor, the clock and the log must outlive it. It may be destroyed during a refresh, but
    // not during a get().
    RefreshingCredentials(std::unique_ptr<CredentialsSource> source, reactor::Reactor& reactor,
                          const Clock& clock, Logger& log);

    // Errors: the source's, while there are no keys that a service has not refused; retryable
    // "CredentialsTimeout" when a refresh takes more than two minutes; cancelled, when the scope
    // ends while it waits. The refresh itself goes on then, for whoever asks next.
    reactor::Task<Result<sigv4::Credentials>> get(reactor::Scope scope) override;

    void refused(const sigv4::Credentials& keys) override;

  private:
    enum class Need {
        nothing,
        refresh,          // in the background: the keys are good
        awaited_refresh,  // the keys have expired
        keys,             // there are none, or a service has refused them
    };
    Need need() const;
    bool resting() const;
    bool source_changed();

    reactor::Task<void> refresh();
    void keep(FetchedCredentials fetched);
    void fail(Error error);
    void rest();

    std::unique_ptr<CredentialsSource> source_;
    const Clock& clock_;
    Logger& log_;

    std::optional<FetchedCredentials> held_;
    SteadyTime looked_at_;          // whether the source has changed
    bool refused_ = false;          // what is held, by a service
    std::optional<Error> failure_;  // of the last refresh, if it failed

    // The pause after a refresh in vain: one that left the keys in need of another.
    TimePoint rest_began_;
    Milliseconds rest_{0};
    int refreshes_in_vain_ = 0;
    std::mt19937_64 random_{std::random_device{}()};

    reactor::Event refreshed_;
    reactor::Background background_;  // last: what it runs uses all of the above
};

}  // namespace fas::clients
