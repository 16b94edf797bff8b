#include "engine/stores/s3.h"

#include <fmt/format.h>

#include "engine/stores/action_record.h"
#include "engine/stores/claim.h"
#include "engine/stores/types.h"
#include "reactor/when_all.h"

namespace fas::engine {

namespace {

constexpr int write_tries_max = 3;

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

bool same(const clients::WriteCondition& a, const clients::WriteCondition& b) {
    const auto* a_match = std::get_if<clients::IfMatch>(&a);
    const auto* b_match = std::get_if<clients::IfMatch>(&b);
    if (a_match != nullptr && b_match != nullptr) return a_match->etag == b_match->etag;
    return a.index() == b.index();
}

}  // namespace

S3Store::S3Store(clients::S3Client& client, std::string bucket, std::string cluster,
                 std::string service)
    : client_(client),
      bucket_(std::move(bucket)),
      cluster_(std::move(cluster)),
      service_(std::move(service)) {
    const std::string folder = fmt::format("autoscaling-state/{}/{}", cluster_, service_);
    scale_out_.key = folder + "/up-last-action.json";
    scale_in_.key = folder + "/down-last-action.json";
}

reactor::Task<Recollection> S3Store::read(scaling::Action action, reactor::Scope scope) {
    // Who has to learn anew what all actions write may have missed a scale-in too.
    if (!scale_out_.known()) scale_in_.seen.reset();
    Recollection past;
    past.from_memory = scale_out_.known();
    const auto recollect = [&past](const Slot& slot, const Result<void>& result) {
        if (!result) past.errors.push_back(result.error());
        if (slot.seen) return slot.seen->action;
        return scaling::LastAction{scaling::Unknown{result.error().message}};
    };
    auto read_out = refresh(&scale_out_, scope);
    if (action != scaling::Action::scale_in) {
        const Result<void> out = co_await std::move(read_out);
        past.history.scale_out = recollect(scale_out_, out);
        past.history.scale_in = scaling::Unknown{"it was not read"};
        co_return past;
    }
    past.from_memory = past.from_memory && scale_in_.known();
    auto read_in = refresh(&scale_in_, scope);
    auto both = co_await reactor::when_all(std::move(read_out), std::move(read_in));
    past.history.scale_out = recollect(scale_out_, std::get<0>(both));
    past.history.scale_in = recollect(scale_in_, std::get<1>(both));
    co_return past;
}

// Leaves the slot filled unless the object cannot be read. A corrupt object fills it with an
// unknown action, so that the next scale-out can replace it, and is an error each time.
reactor::Task<Result<void>> S3Store::refresh(Slot* slot, reactor::Scope scope) {
    if (slot->known()) co_return Result<void>{};

    slot->seen.reset();
    auto fetched = co_await fetch(slot->key, std::move(scope));
    if (!fetched) co_return fetched.error();
    slot->seen = std::move(*fetched);
    if (const auto* unknown = std::get_if<scaling::Unknown>(&slot->seen->action)) {
        co_return Error{.kind = ErrorKind::invalid,
                        .message = unknown->why,
                        .service = "S3",
                        .code = "CorruptState"};
    }
    co_return Result<void>{};
}

reactor::Task<Result<S3Store::Seen>> S3Store::fetch(std::string key, reactor::Scope scope) {
    auto object = co_await client_.get_object(bucket_, key, std::move(scope));
    if (!object && object.error().code == "NoSuchKey") {
        co_return Seen{scaling::Never{}, clients::IfAbsent{}, {}};
    }
    if (!object) co_return explain(std::move(object.error()), "read", key);

    clients::IfMatch unchanged{object->etag};
    auto record = read_action_record(object->body);
    if (!record) {
        const Error error = explain(std::move(record.error()), "use", key);
        co_return Seen{scaling::Unknown{error.message}, std::move(unchanged), {}};
    }
    co_return Seen{record->action, std::move(unchanged), std::move(record->writer)};
}

reactor::Task<Result<void>> S3Store::record(scaling::Action action, scaling::ScalingAction what,
                                            reactor::Scope scope) {
    if (action == scaling::Action::scale_out) {
        co_return co_await write(&scale_out_, action, what, std::move(scope));
    }
    // First what all actions write, and only the winner goes on: a scale-in that lost leaves no
    // record of something that never happened.
    const scaling::ScalingAction last_scale_out = last_action(scale_out_);
    auto claimed = co_await write(&scale_out_, scaling::Action::scale_out, last_scale_out, scope);
    if (!claimed) co_return std::move(claimed);
    co_return co_await write(&scale_in_, action, what, std::move(scope));
}

// What the slot's object says. That there was none yet reads as an action in 1970, which keeps the
// object in the original's form.
scaling::ScalingAction S3Store::last_action(const Slot& slot) {
    if (slot.seen) {
        if (const auto* action = std::get_if<scaling::ScalingAction>(&slot.seen->action)) {
            return *action;
        }
    }
    return {};
}

// Never without a condition: that could erase what another autoscaler recorded.
reactor::Task<Result<void>> S3Store::write(Slot* slot, scaling::Action direction,
                                           scaling::ScalingAction what, reactor::Scope scope) {
    const ActionRecord record{what, new_writer()};
    const std::string body = write_action_record(record, direction, cluster_, service_);
    if (!slot->seen) {  // a scale-out's only, which must not wait for it
        auto present = co_await fetch(slot->key, scope);
        if (!present) co_return unrecorded(std::move(present.error()));
        slot->seen = std::move(*present);
    }
    const clients::WriteCondition condition = slot->seen->unchanged;
    slot->seen.reset();
    for (int tries = 1;; ++tries) {
        auto etag = co_await client_.put_object(bucket_, slot->key, body, condition, scope);
        if (etag) {
            slot->seen = Seen{what, clients::IfMatch{*etag}, record.writer};
            co_return Result<void>{};
        }
        if (etag.error().kind != ErrorKind::conflict && etag.error().code != "NoSuchKey") {
            co_return explain(std::move(etag.error()), "write", slot->key);
        }
        // The answer to an earlier attempt may have been lost: then the conflict is with ourselves.
        auto present = co_await fetch(slot->key, scope);
        if (present && present->writer == record.writer) {
            slot->seen = std::move(*present);
            co_return Result<void>{};
        }
        // S3 gives up on a write that meets another one in progress, which may itself fail.
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        const bool interrupted = etag.error().code == "ConditionalRequestConflict";
        const bool unchanged = present && same(present->unchanged, condition);
        if (!interrupted || !unchanged || tries == write_tries_max) co_return lost_claim("S3");
    }
}

Error S3Store::explain(Error error, std::string_view what, const std::string& key) const {
    error.message = fmt::format("cannot {} the scaling state s3://{}/{}: {}; {}", what, bucket_,
                                key, error.message, advice(error.kind));
    return error;
}

namespace {

std::unique_ptr<StateStore> make(const StoreDescription& description,
                                 clients::AwsAccount& account) {
    return std::make_unique<S3Store>(account.s3, description.bucket, description.target.group,
                                     description.target.name);
}

}  // namespace

const StoreType stores::s3 = {.name = "s3", .options = {}, .problem = nullptr, .make = make};

}  // namespace fas::engine
