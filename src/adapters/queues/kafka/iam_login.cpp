#include "adapters/queues/kafka/iam_login.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "clients/aws/services/msk_token.h"

namespace fas::adapters {

namespace {

// A token holds for 15 minutes, and what a broker disconnects may connect again at any time.
constexpr std::chrono::minutes token_age_max{5};

class IamLogin {
  public:
    explicit IamLogin(clients::AwsContext aws) : aws_(std::move(aws)) {}

    reactor::Task<Result<clients::KafkaToken>> token(reactor::Scope scope) {
        const auto keys = co_await aws_.credentials.get(std::move(scope));
        if (!keys) co_return keys.error();
        const TimePoint now = aws_.clock.now();
        const bool fresh = last_ && last_->access_key_id == keys->access_key_id &&
                           now >= last_->signed_at && now - last_->signed_at < token_age_max;
        if (!fresh) last_ = clients::make_msk_token(*keys, aws_.region, now);
        co_return clients::KafkaToken{last_->text, last_->expires, last_->access_key_id};
    }

  private:
    clients::AwsContext aws_;
    std::optional<clients::MskToken> last_;
};

}  // namespace

// Shared with the function: a cluster may outlive the source that made it.
clients::KafkaTokens iam_tokens(const clients::AwsContext& aws) {
    return [login = std::make_shared<IamLogin>(aws)](reactor::Scope scope) {
        return login->token(std::move(scope));
    };
}

}  // namespace fas::adapters
