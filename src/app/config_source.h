// Where the configuration document is kept: a file, an object in S3, a parameter of SSM's Parameter
// Store, or where its place would stand: then it never changes. Else, read again now and then, it
// tells when the document is another one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "app/aws_accounts.h"
#include "app/plumbing.h"
#include "app/settings.h"
#include "base/result.h"
#include "reactor/scope.h"
#include "reactor/task.h"

namespace fas::app {

class ConfigSource {
  public:
    // Named by `place` (--config), else by FAST_AUTOSCALER_CONFIG: "autoscaler.json",
    // "s3://bucket/key", "ssm:/name", or the document itself, which begins with "{". Without either
    // there is no document. The plumbing must outlive it. Errors: invalid, for an s3:// or ssm:
    // place that is none.
    static Result<ConfigSource> make(const std::optional<std::string>& place, Plumbing& plumbing);

    // False once there is nothing left to read: no document, or one that was read and stays.
    bool exists() const { return !std::holds_alternative<Nowhere>(place_); }
    bool in_aws() const {
        return std::holds_alternative<Object>(place_) || std::holds_alternative<Parameter>(place_);
    }

    // The document, where it is another one than the last call gave, or the first. AWS is reached
    // with the program's own keys, in the region of the environment or the profile. Errors:
    // invalid, when a file cannot be read or is over 64 MiB; those of AwsAccounts::make,
    // S3Client::get_object_unless and SsmClient::parameter.
    reactor::Task<Result<std::optional<Document>>> read_change(reactor::Scope scope);

  private:
    explicit ConfigSource(Plumbing& plumbing) : plumbing_(&plumbing) {}

    Result<AwsAccount*> aws();

    struct Nowhere {};
    struct File {
        std::string path;
        std::optional<std::string> last_text;
    };
    struct Object {
        std::string bucket;
        std::string key;
        std::string etag;  // empty: not read yet
    };
    struct Parameter {
        std::string name;
        std::int64_t version = 0;  // 0: not read yet
    };
    using Change = Result<std::optional<Document>>;

    static Change read_file(File& file);
    static reactor::Task<Change> read_object(Object* object, AwsAccount* aws, reactor::Scope scope);
    static reactor::Task<Change> read_parameter(Parameter* parameter, AwsAccount* aws,
                                                reactor::Scope scope);

    Plumbing* plumbing_;
    std::unique_ptr<AwsAccounts> accounts_;  // made when a document in AWS is first asked for
    std::variant<Nowhere, Document, File, Object, Parameter> place_;
};

}  // namespace fas::app
