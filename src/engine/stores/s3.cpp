#include "engine/stores/s3.h"

#include <fmt/format.h>

#include <random>

#include "engine/stores/action_record.h"
#include "reactor/when_all.h"

namespace fas::engine {

namespace {

constexpr std::string_view changed_meanwhile =
    "another autoscaler recorded an action for this service at the same time; the next check "
    "looks again";

std::string random_writer() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

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

Error conflict() {
    return {.kind = ErrorKind::conflict,
            .message = std::string{changed_meanwhile},
            .service = "S3",
            .code = "StateChanged"};
}

}  // namespace

S3Store::S3Store(clients::AwsContext& context, std::string bucket, std::string cluster,
                 std::string service)
    : client_(context),
      bucket_(std::move(bucket)),
      cluster_(std::move(cluster)),
      service_(std::move(service)) {
    const std::string folder = fmt::format("autoscaling-state/{}/{}", cluster_, service_);
    scale_out_.key = folder + "/up-last-action.json";
    scale_in_.key = folder + "/down-last-action.json";
}

reactor::Task<Recollection> S3Store::read(reactor::Scope scope) {
    auto read_out = refresh(&scale_out_, scope);
    auto read_in = refresh(&scale_in_, scope);
    auto both = co_await reactor::when_all(std::move(read_out), std::move(read_in));

    Recollection past;
    const auto recollect = [&past](const Slot& slot, const Result<void>& result) {
        if (!result) past.errors.push_back(result.error());
        if (slot.seen) return slot.seen->action;
        return scaling::LastAction{scaling::Unknown{result.error().message}};
    };
    past.history.scale_out = recollect(scale_out_, std::get<0>(both));
    past.history.scale_in = recollect(scale_in_, std::get<1>(both));
    co_return past;
}

// Leaves the slot filled unless the object cannot be read. A corrupt object fills it with an
// unknown action, so that the next scale-out can replace it, and is an error each time.
reactor::Task<Result<void>> S3Store::refresh(Slot* slot, reactor::Scope scope) {
    const bool known = slot->seen && !std::holds_alternative<scaling::Unknown>(slot->seen->action);
    if (known) co_return Result<void>{};

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
    auto written = write(&scale_in_, action, what, scope);
    auto unchanged = confirm_unchanged(&scale_out_, scope);
    auto both = co_await reactor::when_all(std::move(written), std::move(unchanged));
    if (!std::get<0>(both)) co_return std::move(std::get<0>(both));
    co_return std::move(std::get<1>(both));
}

reactor::Task<Result<void>> S3Store::write(Slot* slot, scaling::Action direction,
                                           scaling::ScalingAction what, reactor::Scope scope) {
    const ActionRecord record{what, random_writer()};
    // Unread state is only ever written by a scale-out, which must not wait for it.
    const clients::WriteCondition condition =
        slot->seen ? slot->seen->unchanged : clients::WriteCondition{clients::Always{}};
    slot->seen.reset();
    std::string body = write_action_record(record, direction, cluster_, service_);
    auto etag = co_await client_.put_object(bucket_, slot->key, std::move(body), condition, scope);
    if (etag) {
        slot->seen = Seen{what, clients::IfMatch{*etag}, record.writer};
        co_return Result<void>{};
    }
    if (etag.error().kind != ErrorKind::conflict && etag.error().code != "NoSuchKey") {
        co_return explain(std::move(etag.error()), "write", slot->key);
    }
    // The answer to an earlier attempt may have been lost: then the conflict is with ourselves.
    auto present = co_await fetch(slot->key, scope);
    if (!present || present->writer != record.writer) co_return conflict();
    slot->seen = std::move(*present);
    co_return Result<void>{};
}

reactor::Task<Result<void>> S3Store::confirm_unchanged(Slot* slot, reactor::Scope scope) {
    auto present = co_await fetch(slot->key, std::move(scope));
    if (!present) co_return present.error();
    const bool unchanged = slot->seen && same(slot->seen->unchanged, present->unchanged);
    slot->seen = std::move(*present);
    if (!unchanged) co_return conflict();
    co_return Result<void>{};
}

Error S3Store::explain(Error error, std::string_view what, const std::string& key) const {
    error.message = fmt::format("cannot {} the scaling state s3://{}/{}: {}; {}", what, bucket_,
                                key, error.message, advice(error.kind));
    return error;
}

}  // namespace fas::engine
