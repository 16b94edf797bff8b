#include "clients/aws/credentials/refreshing.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace fas::clients {

namespace {

// As the SDKs have it.
constexpr std::chrono::minutes refresh_early{15};

// Longer than any source that works takes: a credential process has a minute.
constexpr std::chrono::minutes refresh_limit{2};

// How soon a source that has changed is noticed.
constexpr Milliseconds look_interval{1'000};

constexpr Milliseconds first_rest{1'000};
constexpr Milliseconds longest_rest{300'000};
constexpr int doublings_max = 9;

}  // namespace

RefreshingCredentials::RefreshingCredentials(std::unique_ptr<CredentialsSource> source,
                                             reactor::Reactor& reactor, const Clock& clock,
                                             Logger& log)
    : source_(std::move(source)), clock_(clock), log_(log), refreshed_(reactor) {}

reactor::Task<Result<sigv4::Credentials>> RefreshingCredentials::get(reactor::Scope scope) {
    Need needed = need();
    if (needed == Need::nothing && source_changed()) needed = Need::refresh;
    // Whoever has nothing to sign with cannot wait for a better moment.
    const bool due = needed == Need::keys || (needed != Need::nothing && !resting());
    if (due && !background_.running()) background_.start(refresh());
    if (needed >= Need::awaited_refresh && background_.running()) {
        const auto waited = co_await refreshed_.wait(std::move(scope));
        if (!waited) co_return waited.error();
    }
    if (failure_ && need() == Need::keys) co_return *failure_;
    co_return held_->keys;
}

// It may ask a disk, which is not for each request of a fleet.
bool RefreshingCredentials::source_changed() {
    const SteadyTime now = reactor::now();
    if (now - looked_at_ < look_interval) return false;
    looked_at_ = now;
    return source_->changed();
}

void RefreshingCredentials::refused(const sigv4::Credentials& keys) {
    if (held_ && held_->keys == keys) refused_ = true;
}

RefreshingCredentials::Need RefreshingCredentials::need() const {
    if (!held_ || refused_) return Need::keys;
    if (!held_->expires) return Need::nothing;
    const auto left = *held_->expires - clock_.now();
    if (left <= std::chrono::minutes{0}) return Need::awaited_refresh;
    return left <= refresh_early ? Need::refresh : Need::nothing;
}

// Counted from when it began, so that a clock that is set back does not make it long.
bool RefreshingCredentials::resting() const {
    const TimePoint now = clock_.now();
    return now >= rest_began_ && now < rest_began_ + rest_;
}

// Its scope is nobody's: those who wait for it may leave.
reactor::Task<void> RefreshingCredentials::refresh() {
    const reactor::Scope scope = reactor::Scope{}.within(refresh_limit);
    auto fetched = co_await source_->fetch(scope);
    if (fetched) {
        keep(std::move(*fetched));
    } else {
        fail(std::move(fetched.error()));
    }
    rest();
    refreshed_.notify_all();
}

// By up to half at random: what was started together is not to ask together.
void RefreshingCredentials::rest() {
    const Need needed = need();
    if (needed == Need::nothing || needed == Need::keys) {  // neither ever rests
        refreshes_in_vain_ = 0;
        rest_ = Milliseconds{0};
        return;
    }
    const int doublings = std::min(refreshes_in_vain_++, doublings_max);
    const Milliseconds longest = std::min(first_rest * (1 << doublings), longest_rest);
    std::uniform_int_distribution<Milliseconds::rep> between{longest.count() / 2, longest.count()};
    rest_ = Milliseconds{between(random_)};
    rest_began_ = clock_.now();
}

void RefreshingCredentials::keep(FetchedCredentials fetched) {
    held_ = std::move(fetched);
    refused_ = false;
    const bool again = failure_.has_value();
    failure_.reset();
    log_.write(again ? LogLevel::info : LogLevel::debug,
               again ? "credentials can be fetched again" : "fetched credentials",
               {{"access_key_id", held_->keys.access_key_id},
                {"expires", held_->expires ? to_iso8601(*held_->expires) : "never"}});
}

void RefreshingCredentials::fail(Error error) {
    if (error.kind == ErrorKind::cancelled) {  // which is the refresh's own limit, not a caller's
        error.kind = ErrorKind::retryable;
        error.code = "CredentialsTimeout";
    }
    // Without keys to go on with, it is get()'s error, and its caller's to tell. Of those that
    // follow each other ever fewer are said.
    const bool news = std::has_single_bit(static_cast<unsigned>(refreshes_in_vain_) + 1);
    if (need() != Need::keys && news) {
        const auto expires = held_->expires;
        log_.write(LogLevel::warning, "cannot refresh credentials; the old ones stay in use",
                   {{"error", describe(error)},
                    {"expires", expires ? to_iso8601(*expires) : "never"},
                    {"refreshes", std::int64_t{refreshes_in_vain_} + 1},
                    {"expired", expires && *expires <= clock_.now()}});
    }
    failure_ = std::move(error);
}

}  // namespace fas::clients
