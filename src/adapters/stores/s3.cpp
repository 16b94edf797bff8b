// Texts as small S3 objects, in the original Fast Autoscaler's layout:
//   s3://BUCKET/autoscaling-state/CLUSTER/SERVICE/NAME
#include "clients/aws/services/s3.h"

#include <fmt/format.h>

#include <array>

#include "adapters/stores/kinds.h"

namespace fas::adapters {

namespace {

// How S3 encrypts what is written.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
enum class Encryption { as_the_bucket, aes256, kms, kms_twice };

constexpr std::array encryption_names{
    Name{"bucket", Encryption::as_the_bucket}, Name{"AES256", Encryption::aes256},
    Name{"aws:kms", Encryption::kms}, Name{"aws:kms:dsse", Encryption::kms_twice}};

struct S3Options {
    Encryption sse = Encryption::as_the_bucket;
    std::string kms_key_id;
    std::string bucket_owner;
};

constexpr std::array s3_rows{
    Row{"sse", Choice{encryption_names}, field<&S3Options::sse>,
        "How S3 is told to encrypt what is written, for a bucket whose policy asks for it; bucket: "
        "it is not told, and the bucket's own setting holds.",
        Variable{"S3_STATE_SSE"}},
    Row{"kms_key_id", Text{{"A-Za-z0-9_:/-", 1, 2048}, "a KMS key's id, alias or ARN"},
        field<&S3Options::kms_key_id>, "The KMS key, where sse is one of KMS.", Need::absent,
        Variable{"S3_STATE_KMS_KEY_ID"}, Example{"alias/autoscaler"}},
    Row{"bucket_owner", Text{{"0-9", 12, 12}, "an account's id (12 digits)"},
        field<&S3Options::bucket_owner>,
        "The account that the bucket must be of; of another's, nothing is read or written.",
        Need::absent, Variable{"S3_STATE_BUCKET_OWNER"}, Example{"123456789012"}},
};

std::optional<Clash> clash_of(const S3Options& options) {
    const bool kms = options.sse == Encryption::kms || options.sse == Encryption::kms_twice;
    if (options.kms_key_id.empty() || kms) return std::nullopt;
    return Clash{"kms_key_id", "is of use with sse aws:kms or aws:kms:dsse alone"};
}

clients::S3Terms terms_of(const S3Options& options) {
    const bool told = options.sse != Encryption::as_the_bucket;
    return {.expected_owner = options.bucket_owner,
            .encryption = told ? std::string{name_of(options.sse, encryption_names)} : "",
            .kms_key_id = options.kms_key_id};
}

std::string_view advice(ErrorKind kind, bool writing) {
    switch (kind) {
        case ErrorKind::not_found: return "check s3_config_bucket";
        case ErrorKind::denied:
            return writing
                       ? "allow s3:PutObject on its objects; if the bucket's policy asks for an "
                         "encryption, say which (sse and kms_key_id in state_config), and allow "
                         "kms:GenerateDataKey and kms:Decrypt on its key"
                       : "check the credentials and allow s3:GetObject and s3:PutObject on its "
                         "objects and s3:ListBucket on the bucket (without that, S3 says "
                         "denied for an object that is not there yet)";
        case ErrorKind::invalid:
            return writing ? "see what the bucket asks for of a write, and set sse and kms_key_id "
                             "in state_config"
                           : "mend or delete the object";
        default: return "the next check tries again";
    }
}

// A version is an ETag.
class S3Store final : public VersionedStore {
  public:
    S3Store(clients::S3Client& client, std::string bucket, clients::S3Terms terms,
            const TargetIdentity& target)
        : client_(client),
          bucket_(std::move(bucket)),
          terms_(std::move(terms)),
          folder_(fmt::format("autoscaling-state/{}/{}", target.group, target.name)) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope scope) override {
        auto object = co_await client_.get_object(bucket_, key_of(name), terms_, std::move(scope));
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
                                                std::move(unchanged), terms_, scope);
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
        const std::string_view what_now = advice(error.kind, what == "write");
        error.message = fmt::format("cannot {} the scaling state s3://{}/{}: {}; {}", what, bucket_,
                                    key_of(name), error.message, what_now);
        if (error.kind == ErrorKind::denied && !terms_.expected_owner.empty()) {
            error.message += fmt::format("; the bucket must be of account {} (bucket_owner)",
                                         terms_.expected_owner);
        }
        return error;
    }

    clients::S3Client& client_;
    std::string bucket_;
    clients::S3Terms terms_;
    std::string folder_;
};

std::unique_ptr<VersionedStore> make_s3(const StoreDescription& description,
                                        clients::AwsAccount& account) {
    return std::make_unique<S3Store>(account.s3, description.bucket,
                                     terms_of(description.options.as<S3Options>()),
                                     description.target);
}

}  // namespace

const StoreKind stores::s3{kind_of<S3Options, clash_of>("s3", s3_rows), make_s3};

}  // namespace fas::adapters
