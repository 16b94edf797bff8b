// What DynamoDB answers: an item, or how a conditional write went.
#include "clients/aws/services/dynamodb.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::dynamo_item {

namespace {

void require_sound_item(const clients::DynamoItem& item) {
    for (const clients::DynamoAttribute& attribute : item) {
        const auto* found = clients::find_attribute(item, attribute.name);
        require(found != nullptr, "an attribute is found by its name");
        const bool typed = attribute.type != clients::DynamoType::other;
        require(typed || attribute.value.empty(), "another type has no value");
    }
}

}  // namespace

void check(std::string_view input) {
    const reactor::HttpResponse response = answer_of(input);
    const auto item = clients::read_dynamo_item(response);
    if (!item) require_sound(item.error());
    if (item && *item) require_sound_item(**item);

    const auto write = clients::read_dynamo_write(response);
    require(write.has_value() == item.has_value(), "both read the same form");
    if (!write) return;
    require(write->done || response.status == 400, "only a refusal is not done");
    require_sound_item(write->present);
}

}  // namespace fas::fuzz::dynamo_item
