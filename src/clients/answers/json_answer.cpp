#include "clients/answers/json_answer.h"

#include <utility>

#include "base/parse_number.h"

namespace fas::clients {

template <class T>
T JsonPart::required(std::string_view name, std::optional<T> found) const {
    if (!found) answer_->lacks(name);
    return std::move(found).value_or(T{});
}

JsonPart JsonPart::part(std::string_view name) const {
    const auto member = find(name);
    if (!member) answer_->lacks(name);
    return {*answer_, member};
}

std::vector<json::Value> JsonPart::list(std::string_view name) const {
    const auto member = find(name);
    if (!member || !member->is_array()) answer_->lacks(name);
    return member ? member->items() : std::vector<json::Value>{};
}

std::string_view JsonPart::text(std::string_view name) const {
    const auto member = find(name);
    return required(name, member ? member->as_string() : std::nullopt);
}

std::string_view JsonPart::some_text(std::string_view name) const {
    const std::string_view found = text_at(name);
    if (found.empty()) answer_->lacks(name);
    return found;
}

std::int64_t JsonPart::count(std::string_view name) const { return required(name, count_at(name)); }

std::int64_t JsonPart::written_count(std::string_view name) const {
    const auto number = parse_number<std::int64_t>(text_at(name));
    return required(name, number && *number >= 0 ? number : std::nullopt);
}

std::optional<json::Value> JsonPart::find(std::string_view name) const {
    return value_ ? value_->find(name) : std::nullopt;
}

std::string_view JsonPart::text_at(std::string_view name) const {
    return value_ ? value_->text_at(name) : std::string_view{};
}

std::vector<json::Value> JsonPart::items_at(std::string_view name) const {
    return value_ ? value_->items_at(name) : std::vector<json::Value>{};
}

std::optional<std::int64_t> JsonPart::count_at(std::string_view name) const {
    return value_ ? value_->count_at(name) : std::nullopt;
}

JsonAnswer::JsonAnswer(std::string_view service, std::string_view who,
                       const reactor::HttpResponse& response, json::Limits limits)
    : Answer(service, who, response), document_(json::parse(response.body, limits)) {
    if (!document_) {
        reject(document_.error().message);
    } else if (!document_->root().is_object()) {
        reject("it is not an object");
    }
}

JsonPart JsonAnswer::root() {
    return {*this, document_ ? std::optional{document_->root()} : std::nullopt};
}

}  // namespace fas::clients
