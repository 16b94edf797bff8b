// Texts as items of a DynamoDB table, whose partition key is `target`. The last actions of a target
// are one item, which a person can read:
//   target               "CLUSTER/SERVICE"
//   scale_out_at         "2026-11-23T21:42:01.123456Z"; absent: there was none
//   scale_out_desired    5, scale_out_messages 420: what it set, and what for
//   scale_in_at, ...     the same
//   writer               changes with every write
// Any other text is an item of its own: target "CLUSTER/SERVICE/NAME", text and writer. Attributes
// of other names stay as they are.
#include "clients/aws/services/dynamodb.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/stores/action_record.h"
#include "adapters/stores/kinds.h"

namespace fas::adapters {

namespace {

using clients::DynamoAttribute;
using clients::DynamoItem;
using clients::DynamoType;

constexpr std::string_view key_name = "target";
constexpr std::string_view text_name = "text";
constexpr std::string_view writer_name = "writer";

// What one direction's attributes are called, and the text that they stand for.
struct Direction {
    scaling::Action action;
    std::string_view text;
    std::string_view at;
    std::string_view desired;
    std::string_view messages;
};
constexpr std::array directions{
    Direction{.action = scaling::Action::scale_out,
              .text = scale_out_name,
              .at = "scale_out_at",
              .desired = "scale_out_desired",
              .messages = "scale_out_messages"},
    Direction{.action = scaling::Action::scale_in,
              .text = scale_in_name,
              .at = "scale_in_at",
              .desired = "scale_in_desired",
              .messages = "scale_in_messages"},
};

// Null for a text that is no action.
const Direction* direction_of(std::string_view name) {
    const auto* found = std::ranges::find(directions, name, &Direction::text);
    return found == directions.end() ? nullptr : found;
}

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

bool has(const DynamoItem& item, const Direction& direction) {
    const auto is_there = [&item](std::string_view name) {
        return find_attribute(item, name) != nullptr;
    };
    return std::ranges::any_of(std::array{direction.at, direction.desired, direction.messages},
                               is_there);
}

Error no_record(std::string why) {
    return {.kind = ErrorKind::invalid,
            .message = "it is not a record of scaling actions: " + std::move(why),
            .code = "CorruptState"};
}

// An item that no autoscaler wrote says nothing of what autoscalers did.
Result<ActionRecord> record_in(const DynamoItem& item, const Direction& direction) {
    auto writer = text_of(item, writer_name);
    if (!writer) return no_record("it has no writer that is a String");
    if (find_attribute(item, direction.at) == nullptr) {
        return no_record(fmt::format("it has no {}", direction.at));
    }
    const auto text = text_of(item, direction.at);
    const auto at = text ? parse_iso8601(*text) : std::nullopt;
    if (!at) return no_record(fmt::format("its {} is not a time in ISO 8601", direction.at));
    ActionRecord record{.action = {.at = *at, .backlog = {}, .desired = {}},
                        .writer = std::move(*writer)};
    if (const auto count = count_of(item, direction.messages)) {
        record.action.backlog = Messages{*count};
    }
    if (const auto count = count_of(item, direction.desired)) {
        record.action.desired = Tasks{*count};
    }
    return record;
}

void set_or_remove(clients::DynamoUpdate& update, std::string_view name,
                   std::optional<std::int64_t> count) {
    if (count) {
        update.set.push_back({std::string{name}, DynamoType::number, fmt::format("{}", *count)});
    } else {
        update.remove.emplace_back(name);
    }
}

void set(clients::DynamoUpdate& update, const Direction& direction, const ActionRecord& record) {
    const scaling::ScalingAction& what = record.action;
    update.set.push_back({std::string{direction.at}, DynamoType::text, to_iso8601(what.at)});
    update.set.push_back({std::string{writer_name}, DynamoType::text, record.writer});
    set_or_remove(update, direction.desired,
                  what.desired ? std::optional{what.desired->value} : std::nullopt);
    set_or_remove(update, direction.messages,
                  what.backlog ? std::optional{what.backlog->value} : std::nullopt);
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

struct DynamoDbOptions {
    std::string table;
};

// A name of 3 to 255 characters, or an ARN.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
constexpr std::array dynamodb_rows{
    Row{"table", Text{{"A-Za-z0-9_.:/-", 3, 1024}, "a table's name or ARN"},
        field<&DynamoDbOptions::table>,
        "The DynamoDB table for the scaling state, or its ARN. Its partition key is \"target\", a "
        "String, and it has no sort key.",
        Need::required, Variable{"DYNAMODB_STATE_TABLE"}, Example{"fast-autoscaler-state"}},
};

// A version is an item's writer; one that has none was not written by us.
class DynamoDbStore final : public VersionedStore {
  public:
    DynamoDbStore(clients::DynamoDbClient& client, std::string table, TargetIdentity target)
        : client_(client), table_(std::move(table)), target_(std::move(target)) {}

    reactor::Task<Result<Versioned>> read(std::string name, reactor::Scope scope) override {
        auto item = co_await client_.get_item(table_, key_of(name), std::move(scope));
        if (!item) co_return explain(std::move(item.error()), "read");
        if (!*item) co_return Versioned{};
        co_return present_in(**item, std::move(name));
    }

    reactor::Task<Result<Written>> write(std::string name, std::string text, Version version,
                                         reactor::Scope scope) override {
        auto update = update_of(name, std::move(text), std::move(version));
        if (!update) co_return std::move(update.error());
        Written done{.version = text_of(update->set, writer_name), .present = {}};
        auto answer = co_await client_.update_item(table_, std::move(*update), scope);
        if (!answer) co_return explain(std::move(answer.error()), "write");
        if (answer->done) co_return done;
        // A server that does not know this part of the API leaves the item out.
        if (!answer->present.empty()) {
            co_return Written{{}, present_in(answer->present, std::move(name))};
        }
        auto present = co_await read(std::move(name), std::move(scope));
        if (!present) co_return Written{};
        co_return Written{{}, std::move(*present)};
    }

    bool together(std::string_view one, std::string_view other) const override {
        return direction_of(one) != nullptr && direction_of(other) != nullptr;
    }
    bool is_local() const override { return false; }

    Error unusable(std::string_view, std::string why) const override {
        Error error{.kind = ErrorKind::invalid,
                    .message = std::move(why),
                    .service = "DynamoDB",
                    .code = "CorruptState"};
        return explain(std::move(error), "use");
    }

  private:
    DynamoAttribute key_of(std::string_view name) const {
        std::string key = fmt::format("{}/{}", target_.group, target_.name);
        if (direction_of(name) == nullptr) key += fmt::format("/{}", name);
        return {std::string{key_name}, DynamoType::text, std::move(key)};
    }

    Versioned present_in(const DynamoItem& item, std::string name) const {
        Versioned present{.texts = {}, .version = text_of(item, writer_name)};
        if (direction_of(name) == nullptr) {
            auto text = text_of(item, text_name);
            if (text) present.texts.emplace(std::move(name), std::move(*text));
            return present;
        }
        const auto is_there = [&item](const Direction& one) { return has(item, one); };
        const bool ours = present.version && std::ranges::any_of(directions, is_there);
        for (const Direction& direction : directions) {
            if (ours && !has(item, direction)) continue;  // there was no such action yet
            present.texts.emplace(direction.text, action_text(item, direction));
        }
        return present;
    }

    Result<std::string> action_text(const DynamoItem& item, const Direction& direction) const {
        const auto record = record_in(item, direction);
        if (!record) return record.error();
        return write_action_record(*record, direction.action, target_.group, target_.name);
    }

    Result<clients::DynamoUpdate> update_of(const std::string& name, std::string text,
                                            Version version) const {
        clients::DynamoUpdate update;
        update.key = key_of(name);
        update.guard = writer_name;
        update.guard_text = std::move(version);
        if (const Direction* direction = direction_of(name)) {
            const auto record = read_action_record(text);
            if (!record) return record.error();
            set(update, *direction, *record);
        } else {
            update.set.push_back({std::string{text_name}, DynamoType::text, std::move(text)});
            update.set.push_back({std::string{writer_name}, DynamoType::text, new_writer()});
        }
        return update;
    }

    Error explain(Error error, std::string_view what) const {
        error.message =
            fmt::format("cannot {} the scaling state of {}/{} in the DynamoDB table {}: {}; {}",
                        what, target_.group, target_.name, table_, error.message, advice(error));
        return error;
    }

    clients::DynamoDbClient& client_;
    std::string table_;
    TargetIdentity target_;
};

std::unique_ptr<VersionedStore> make_dynamodb(const StoreDescription& description,
                                              clients::AwsAccount& account) {
    return std::make_unique<DynamoDbStore>(account.dynamodb.get(),
                                           description.options.as<DynamoDbOptions>().table,
                                           description.target);
}

}  // namespace

const StoreKind stores::dynamodb{kind_of<DynamoDbOptions>("dynamodb", dynamodb_rows),
                                 make_dynamodb};

}  // namespace fas::adapters
