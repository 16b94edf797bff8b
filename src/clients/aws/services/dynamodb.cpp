#include "clients/aws/services/dynamodb.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "clients/answers/json_answer.h"
#include "clients/aws/error.h"

namespace fas::clients {

namespace {

// DynamoDB is asked again sooner than others, and once more.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
constexpr AwsService dynamodb{.name = "DynamoDB",
                              .signing_name = "dynamodb",
                              .host_prefix = "dynamodb",
                              .target_prefix = "DynamoDB_20120810",
                              .protocol = Protocol::json_1_0,
                              .attempts_max = 4,
                              .transient_backoff = Milliseconds{25}};

// An item has 400 KB at most, and 32 levels, each of which is two of JSON's.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
constexpr json::Limits item_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 80};

constexpr std::string_view condition_failed = "ConditionalCheckFailedException";

bool is_failed_condition(const reactor::HttpResponse& response) {
    return response.status == 400 &&
           parse_aws_error(dynamodb, "UpdateItem", response).code == condition_failed;
}

// {"S": "text"}, {"N": "12.5"} or a type that nobody here asks for. Nothing for what is none.
std::optional<DynamoAttribute> read_attribute(const json::Member& member) {
    const std::vector<json::Member> typed = member.value.members();
    if (typed.size() != 1) return std::nullopt;
    DynamoAttribute attribute{std::string{member.key}, DynamoType::other, {}};
    if (typed[0].key != "S" && typed[0].key != "N") return attribute;
    const auto text = typed[0].value.as_string();
    if (!text) return std::nullopt;
    attribute.type = typed[0].key == "S" ? DynamoType::text : DynamoType::number;
    attribute.value = *text;
    return attribute;
}

std::optional<DynamoItem> read_item(const json::Value& value) {
    if (!value.is_object()) return std::nullopt;
    DynamoItem item;
    for (const json::Member& member : value.members()) {
        auto attribute = read_attribute(member);
        if (!attribute) return std::nullopt;
        item.push_back(std::move(*attribute));
    }
    return item;
}

// The member Item of an answer. Nothing inside when there is none.
Result<std::optional<DynamoItem>> read_item_of(const reactor::HttpResponse& response,
                                               std::string_view operation) {
    JsonAnswer answer{dynamodb.name, operation, response, item_limits};
    std::optional<DynamoItem> item;
    if (const auto member = answer.root().find("Item")) {
        item = read_item(*member);
        if (!item) answer.reject("its Item is not an item");
    }
    return answer.give(std::move(item));
}

void write_typed(JsonWriter& json, const DynamoAttribute& attribute) {
    json.begin_object();
    json.member(attribute.type == DynamoType::number ? "N" : "S",
                std::string_view{attribute.value});
    json.end_object();
}

void write_key(JsonWriter& json, std::string_view table, const DynamoAttribute& key) {
    json.member("TableName", table);
    json.key("Key").begin_object().key(key.name);
    write_typed(json, key);
    json.end_object();
}

// "SET #s0 = :s0, #s1 = :s1 REMOVE #r0": names go beside it, because many words are reserved.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
std::string update_expression(const DynamoUpdate& update) {
    std::string text;
    for (std::size_t i = 0; i < update.set.size(); ++i) {
        text += fmt::format("{}#s{} = :s{}", i == 0 ? "SET " : ", ", i, i);
    }
    for (std::size_t i = 0; i < update.remove.size(); ++i) {
        text += fmt::format("{}#r{}", i == 0 ? " REMOVE " : ", ", i);
    }
    return text;
}

std::string update_body(std::string_view table, const DynamoUpdate& update) {
    JsonWriter json;
    json.begin_object();
    write_key(json, table, update.key);
    json.member("UpdateExpression", std::string_view{update_expression(update)});
    json.member("ConditionExpression",
                update.guard_text ? "#guard = :guard" : "NOT attribute_type(#guard, :guard)");
    json.key("ExpressionAttributeNames").begin_object();
    json.member("#guard", std::string_view{update.guard});
    for (std::size_t i = 0; i < update.set.size(); ++i) {
        json.member(fmt::format("#s{}", i), std::string_view{update.set[i].name});
    }
    for (std::size_t i = 0; i < update.remove.size(); ++i) {
        json.member(fmt::format("#r{}", i), std::string_view{update.remove[i]});
    }
    json.end_object();
    json.key("ExpressionAttributeValues").begin_object().key(":guard");
    write_typed(json, {update.guard, DynamoType::text, update.guard_text.value_or("S")});
    for (std::size_t i = 0; i < update.set.size(); ++i) {
        json.key(fmt::format(":s{}", i));
        write_typed(json, update.set[i]);
    }
    json.end_object();
    json.member("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    json.end_object();
    return json.take();
}

}  // namespace

const DynamoAttribute* find_attribute(const DynamoItem& item, std::string_view name) {
    const auto found = std::ranges::find(item, name, &DynamoAttribute::name);
    return found == item.end() ? nullptr : &*found;
}

Result<std::optional<DynamoItem>> read_dynamo_item(const reactor::HttpResponse& response) {
    return read_item_of(response, "GetItem");
}

Result<DynamoWrite> read_dynamo_write(const reactor::HttpResponse& response) {
    auto item = read_item_of(response, "UpdateItem");
    if (!item) return item.error();
    if (!is_failed_condition(response)) return DynamoWrite{.done = true, .present = {}};
    return DynamoWrite{.done = false, .present = std::move(*item).value_or(DynamoItem{})};
}

DynamoDbClient::DynamoDbClient(AwsContext& context) : client_(context, dynamodb) {}

reactor::Task<Result<std::optional<DynamoItem>>> DynamoDbClient::get_item(std::string table,
                                                                          DynamoAttribute key,
                                                                          reactor::Scope scope) {
    JsonWriter body;
    body.begin_object();
    write_key(body, table, key);
    body.member("ConsistentRead", true).end_object();
    auto response = co_await client_.call_json("GetItem", body.take(), std::move(scope));
    if (!response) co_return response.error();
    co_return read_dynamo_item(*response);
}

reactor::Task<Result<DynamoWrite>> DynamoDbClient::update_item(std::string table,
                                                               DynamoUpdate update,
                                                               reactor::Scope scope) {
    AwsRequest request = client_.json_request("UpdateItem", update_body(table, update));
    request.readable = is_failed_condition;
    auto response = co_await client_.send(std::move(request), std::move(scope));
    if (!response) co_return response.error();
    co_return read_dynamo_write(*response);
}

}  // namespace fas::clients
