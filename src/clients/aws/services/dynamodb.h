// Amazon DynamoDB: one item of a table, read, and changed on condition.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/aws/client.h"

namespace fas::clients {

enum class DynamoType { text, number, other };

struct DynamoAttribute {
    std::string name;
    DynamoType type = DynamoType::text;
    std::string value;  // of a number, its digits; of another type, nothing

    bool operator==(const DynamoAttribute&) const = default;
};

using DynamoItem = std::vector<DynamoAttribute>;

// Null when the item has none of that name.
const DynamoAttribute* find_attribute(const DynamoItem& item, std::string_view name);

// A change of an item, which is made where there is none. Attributes that are not named stay. What
// is set is not removed.
struct DynamoUpdate {
    DynamoAttribute key;
    DynamoItem set;
    std::vector<std::string> remove;
    // The condition: the attribute `guard` is this text; or, without one, it is no text, which also
    // holds where there is no such attribute, and no such item.
    std::string guard;
    std::optional<std::string> guard_text;
};

struct DynamoWrite {
    bool done = false;
    DynamoItem present;  // what did not meet the condition; empty: no item, or it was not said
};

// What GetItem answered: nothing when there is no such item. Errors: invalid "UnusableAnswer".
Result<std::optional<DynamoItem>> read_dynamo_item(const reactor::HttpResponse& response);

// What UpdateItem answered, a condition that did not hold included. Errors: as above.
Result<DynamoWrite> read_dynamo_write(const reactor::HttpResponse& response);

class DynamoDbClient {
  public:
    // The context must outlive it.
    explicit DynamoDbClient(AwsContext& context);

    // As of all writes that were answered before. Errors: not_found (no such table), those of
    // read_dynamo_item() and of AwsClient::send.
    reactor::Task<Result<std::optional<DynamoItem>>> get_item(std::string table,
                                                              DynamoAttribute key,
                                                              reactor::Scope scope);

    // That the condition does not hold is no error. After an attempt whose answer was lost, it may
    // be one's own write that it met. Errors: as above.
    reactor::Task<Result<DynamoWrite>> update_item(std::string table, DynamoUpdate update,
                                                   reactor::Scope scope);

  private:
    AwsClient client_;
};

}  // namespace fas::clients
