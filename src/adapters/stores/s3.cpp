// Texts as small S3 objects, in the original Fast Autoscaler's layout:
//   s3://BUCKET/autoscaling-state/CLUSTER/SERVICE/NAME
#include "clients/aws/services/s3.h"

#include <fmt/format.h>

#include "adapters/stores/kinds.h"

namespace fas::adapters {

namespace {

std::string_view advice(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_found: return "check s3_config_bucket";
        case ErrorKind::denied:
            return "check the credentials and allow s3:GetObject and s3:PutObject on its objects "
                   "and s3:ListBucket on the bucket (without that, S3 says denied for an object "
                   "that is not there yet)";
        case ErrorKind::invalid: return "mend or delete the object";
        default: return "the next check tries again";
    }
}

// A version is an ETag.
class S3Store final : public VersionedStore {
  public:
    S3Store(clients::S3Client& client, std::string bucket, const TargetIdentity& target)
        : client_(client),
          bucket_(std::move(bucket)),
          folder_(fmt::format("autoscaling-state/{}/{}", target.group, target.name)) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope scope) override {
        auto object = co_await client_.get_object(bucket_, key_of(name), std::move(scope));
        if (!object && object.error().code == "NoSuchKey") co_return Versioned{};
        if (!object) co_return explain(std::move(object.error()), "read", name);
        Versioned present;
        present.version = std::move(object->etag);
        present.texts.emplace(std::move(name), std::move(object->body));
        co_return present;
    }

    // S3 gives up on a write that meets another one in progress: another conflict.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    reactor::Task<Result<Written>> write(std::string name, std::string text, Version version,
                                         reactor::Scope scope) override {
        clients::WriteCondition unchanged = clients::IfAbsent{};
        if (version) unchanged = clients::IfMatch{std::move(*version)};
        auto etag = co_await client_.put_object(bucket_, key_of(name), std::move(text),
                                                std::move(unchanged), scope);
        if (etag) co_return Written{std::move(*etag), {}};
        if (etag.error().kind != ErrorKind::conflict && etag.error().code != "NoSuchKey") {
            co_return explain(std::move(etag.error()), "write", name);
        }
        auto present = co_await read(std::move(name), std::move(scope));
        if (!present) co_return Written{};
        co_return Written{{}, std::move(*present)};
    }

    bool together(std::string_view, std::string_view) const override { return false; }
    bool is_local() const override { return false; }

    Error unusable(std::string_view name, std::string why) const override {
        Error error{.kind = ErrorKind::invalid,
                    .message = std::move(why),
                    .service = "S3",
                    .code = "CorruptState"};
        return explain(std::move(error), "use", name);
    }

  private:
    std::string key_of(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }

    Error explain(Error error, std::string_view what, std::string_view name) const {
        error.message = fmt::format("cannot {} the scaling state s3://{}/{}: {}; {}", what, bucket_,
                                    key_of(name), error.message, advice(error.kind));
        return error;
    }

    clients::S3Client& client_;
    std::string bucket_;
    std::string folder_;
};

std::unique_ptr<VersionedStore> make_s3(const StoreDescription& description,
                                        clients::AwsAccount& account) {
    return std::make_unique<S3Store>(account.s3, description.bucket, description.target);
}

}  // namespace

const StoreKind stores::s3{kind_of<NoOptions>("s3", {}), make_s3};

}  // namespace fas::adapters
