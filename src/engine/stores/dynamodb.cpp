#include "engine/stores/dynamodb.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/stores/claim.h"
#include "engine/stores/types.h"

namespace fas::engine {

namespace {

using clients::DynamoAttribute;
using clients::DynamoItem;
using clients::DynamoType;

constexpr std::string_view key_name = "target";
constexpr std::string_view writer_name = "writer";

// What one direction's attributes are called.
struct Names {
    std::string_view at;
    std::string_view desired;
    std::string_view messages;
};
constexpr Names scale_out_names{"scale_out_at", "scale_out_desired", "scale_out_messages"};
constexpr Names scale_in_names{"scale_in_at", "scale_in_desired", "scale_in_messages"};

std::optional<std::string> text_of(const DynamoItem& item, std::string_view name) {
    const DynamoAttribute* attribute = find_attribute(item, name);
    if (attribute == nullptr || attribute->type != DynamoType::text) return std::nullopt;
    return attribute->value;
}

// Nothing where it is missing or no count.
std::optional<std::int64_t> count_of(const DynamoItem& item, std::string_view name) {
    const DynamoAttribute* attribute = find_attribute(item, name);
    if (attribute == nullptr || attribute->type != DynamoType::number) return std::nullopt;
    const std::string& text = attribute->value;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && count >= 0 ? std::optional{count} : std::nullopt;
}

scaling::LastAction action_of(const DynamoItem& item, const Names& names) {
    if (find_attribute(item, names.at) == nullptr) {
        const bool half = find_attribute(item, names.desired) != nullptr ||
                          find_attribute(item, names.messages) != nullptr;
        if (half) return scaling::Unknown{fmt::format("it has no {}", names.at)};
        return scaling::Never{};
    }
    const auto text = text_of(item, names.at);
    const auto at = text ? parse_iso8601(*text) : std::nullopt;
    if (!at) return scaling::Unknown{fmt::format("its {} is no time in ISO 8601", names.at)};
    scaling::ScalingAction action{.at = *at, .backlog = {}, .desired = {}};
    if (const auto count = count_of(item, names.messages)) action.backlog = Messages{*count};
    if (const auto count = count_of(item, names.desired)) action.desired = Tasks{*count};
    return action;
}

void set_or_remove(clients::DynamoUpdate& update, std::string_view name,
                   std::optional<std::int64_t> count) {
    if (count) {
        update.set.push_back({std::string{name}, DynamoType::number, fmt::format("{}", *count)});
    } else {
        update.remove.emplace_back(name);
    }
}

bool is_unknown(const scaling::LastAction& action) {
    return std::holds_alternative<scaling::Unknown>(action);
}

void report_corruption(Recollection& past, const scaling::LastAction& action) {
    const auto* unknown = std::get_if<scaling::Unknown>(&action);
    if (unknown == nullptr) return;
    past.errors.push_back({.kind = ErrorKind::invalid,
                           .message = unknown->why,
                           .service = "DynamoDB",
                           .code = "CorruptState"});
}

std::string_view advice(const Error& error) {
    if (error.code == "CorruptState") return "mend or delete the item";
    if (error.code == "ValidationException") {
        return "the table needs the partition key \"target\", a String, and no sort key";
    }
    switch (error.kind) {
        case ErrorKind::not_found:
            return "check state_config.table and the region, or make the table, with the "
                   "partition key \"target\", a String";
        case ErrorKind::denied:
            return "check the credentials and allow dynamodb:GetItem and dynamodb:UpdateItem on "
                   "the table";
        default: return "the next check tries again";
    }
}

// A name of 3 to 255 characters, or an ARN.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
bool is_table(std::string_view text) {
    const auto accepted = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-' || c == ':' || c == '/';
    };
    return text.size() >= 3 && text.size() <= 1024 && std::ranges::all_of(text, accepted);
}

constexpr std::array options{
    Option{.key = "table",
           .variable = "DYNAMODB_STATE_TABLE",
           .description = "The DynamoDB table for the scaling state, or its ARN. Its partition key "
                          "is \"target\", a String, and it has no sort key.",
           .type = TextType{.accepted = "a table's name or ARN",
                            .pattern = "^[A-Za-z0-9_.:/-]{3,1024}$",
                            .valid = is_table},
           .required = true},
};

std::unique_ptr<StateStore> make(const StoreDescription& description,
                                 clients::AwsAccount& account) {
    return std::make_unique<DynamoDbStore>(account.dynamodb.get(),
                                           description.options.text("table"), description.target);
}

}  // namespace

const StoreType stores::dynamodb = {
    .name = "dynamodb", .options = options, .problem = nullptr, .make = make};

DynamoDbStore::DynamoDbStore(clients::DynamoDbClient& client, std::string table,
                             const TargetIdentity& target)
    : client_(client),
      table_(std::move(table)),
      target_(fmt::format("{}/{}", target.group, target.name)) {}

// Of a state that was read beside the queue, read() has told the scale-out alone: for a scale-in it
// is not from memory, so that the check looks at the queue again.
reactor::Task<Recollection> DynamoDbStore::read(scaling::Action action, reactor::Scope scope) {
    const bool both = action == scaling::Action::scale_in;
    const bool known = seen_ && !is_unknown(seen_->history.scale_out) &&
                       !(both && is_unknown(seen_->history.scale_in));
    Recollection past;
    past.from_memory = known && (!both || seen_->scale_in_told);
    if (!known) {
        seen_.reset();
        auto fetched = co_await fetch(std::move(scope));
        if (!fetched) {
            past.history = {scaling::Unknown{fetched.error().message},
                            scaling::Unknown{fetched.error().message}};
            past.errors.push_back(std::move(fetched.error()));
            co_return past;
        }
        seen_ = std::move(*fetched);
    }
    seen_->scale_in_told = seen_->scale_in_told || both;
    past.history = seen_->history;
    if (!both) past.history.scale_in = scaling::Unknown{"it was not read"};
    report_corruption(past, past.history.scale_out);
    if (both) report_corruption(past, past.history.scale_in);
    co_return past;
}

reactor::Task<Result<DynamoDbStore::Seen>> DynamoDbStore::fetch(reactor::Scope scope) {
    DynamoAttribute key{std::string{key_name}, DynamoType::text, target_};
    auto item = co_await client_.get_item(table_, std::move(key), std::move(scope));
    if (!item) co_return explain(std::move(item.error()), "read");
    if (!*item) co_return Seen{.writer = {}, .history = {scaling::Never{}, scaling::Never{}}};
    co_return read_item(**item);
}

// An item that no autoscaler wrote says nothing of what autoscalers did.
DynamoDbStore::Seen DynamoDbStore::read_item(const DynamoItem& item) const {
    Seen seen{.writer = text_of(item, writer_name),
              .history = {action_of(item, scale_out_names), action_of(item, scale_in_names)}};
    const bool empty = std::holds_alternative<scaling::Never>(seen.history.scale_out) &&
                       std::holds_alternative<scaling::Never>(seen.history.scale_in);
    if (!seen.writer || empty) {
        const char* why = seen.writer ? "it has no scale_out_at and no scale_in_at"
                                      : "it has no writer that is a String";
        seen.history = {scaling::Unknown{why}, scaling::Unknown{why}};
    }
    for (scaling::LastAction* last : {&seen.history.scale_out, &seen.history.scale_in}) {
        auto* unknown = std::get_if<scaling::Unknown>(last);
        if (unknown == nullptr) continue;
        Error corrupt{.kind = ErrorKind::invalid,
                      .message = "it is no record of scaling actions: " + unknown->why,
                      .code = "CorruptState"};
        unknown->why = explain(std::move(corrupt), "use").message;
    }
    return seen;
}

reactor::Task<Result<void>> DynamoDbStore::record(scaling::Action action,
                                                  scaling::ScalingAction what,
                                                  reactor::Scope scope) {
    if (!seen_) {  // a scale-out's only, which must not wait for it
        auto present = co_await fetch(scope);
        if (!present) co_return unrecorded(std::move(present.error()));
        seen_ = std::move(*present);
    }
    const std::string writer = new_writer();
    clients::DynamoUpdate update = update_of(action, what, writer);
    Seen written = std::move(*seen_);
    seen_.reset();
    auto claimed = co_await claim(std::move(update), writer, std::move(scope));
    if (!claimed) co_return std::move(claimed);
    written.writer = writer;
    (action == scaling::Action::scale_out ? written.history.scale_out : written.history.scale_in) =
        what;
    seen_ = std::move(written);
    co_return Result<void>{};
}

clients::DynamoUpdate DynamoDbStore::update_of(scaling::Action action,
                                               const scaling::ScalingAction& what,
                                               const std::string& writer) const {
    const Names& names = action == scaling::Action::scale_out ? scale_out_names : scale_in_names;
    clients::DynamoUpdate update;
    update.key = {std::string{key_name}, DynamoType::text, target_};
    update.set.push_back({std::string{names.at}, DynamoType::text, to_iso8601(what.at)});
    update.set.push_back({std::string{writer_name}, DynamoType::text, writer});
    set_or_remove(update, names.desired,
                  what.desired ? std::optional{what.desired->value} : std::nullopt);
    set_or_remove(update, names.messages,
                  what.backlog ? std::optional{what.backlog->value} : std::nullopt);
    update.guard = writer_name;
    update.guard_text = seen_->writer;
    return update;
}

reactor::Task<Result<void>> DynamoDbStore::claim(clients::DynamoUpdate update, std::string writer,
                                                 reactor::Scope scope) {
    auto written = co_await client_.update_item(table_, std::move(update), scope);
    if (!written) co_return explain(std::move(written.error()), "write");
    if (written->done) co_return Result<void>{};
    // The answer to an earlier attempt may have been lost: then the conflict is with ourselves. A
    // server that does not know this part of the API leaves the item out.
    if (!written->present.empty()) {
        if (text_of(written->present, writer_name) == writer) co_return Result<void>{};
        co_return lost_claim("DynamoDB");
    }
    const auto present = co_await fetch(std::move(scope));
    if (present && present->writer == writer) co_return Result<void>{};
    co_return lost_claim("DynamoDB");
}

Error DynamoDbStore::explain(Error error, std::string_view what) const {
    error.message =
        fmt::format("cannot {} the scaling state of {} in the DynamoDB table {}: {}; {}", what,
                    target_, table_, error.message, advice(error));
    return error;
}

}  // namespace fas::engine
