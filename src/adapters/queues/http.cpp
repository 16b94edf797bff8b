// Numbers in a JSON document that a web server gives, as a backlog.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/web_options.h"
#include "base/parse_number.h"
#include "base/web_url.h"
#include "clients/brokers/web_endpoint.h"
#include "json/pointer.h"
#include "json/reader.h"

namespace fas::adapters {

namespace {

constexpr json::Limits document_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 32};

constexpr TextType pointer_type{.accepted = "a JSON pointer (RFC 6901), like /queues/0/depth",
                                .pattern = json::pointer_pattern,
                                .valid = json::is_pointer};

constexpr std::array http_options = {
    Option{.key = "url",
           .variable = "HTTP_SOURCE_URL",
           .description = "Where the document is had by GET.",
           .type = TextType{.accepted = "an absolute http or https URL without user and fragment",
                            .pattern = web_url_pattern,
                            .valid = is_web_url},
           .required = true},
    Option{.key = "value_pointer",
           .variable = "HTTP_SOURCE_VALUE_POINTER",
           .description = "Where in the document the number of waiting messages is: a JSON pointer "
                          "(RFC 6901).",
           .type = pointer_type,
           .required = true},
    Option{.key = "in_flight_pointer",
           .variable = "HTTP_SOURCE_IN_FLIGHT_POINTER",
           .description = "Where the number of messages in work is.",
           .type = pointer_type},
    Option{.key = "age_pointer",
           .variable = "HTTP_SOURCE_AGE_POINTER",
           .description = "Where the age of the oldest waiting message is, in seconds.",
           .type = pointer_type},
    Option{.key = "time_pointer",
           .variable = "HTTP_SOURCE_TIME_POINTER",
           .description = "Where the time of the measurement is: seconds since 1970, or ISO 8601.",
           .type = pointer_type},
    in_flight_option("HTTP_SOURCE_INCLUDE_IN_FLIGHT"),
    web_user_option("HTTP_SOURCE_USER"),
    password_option("HTTP_SOURCE_PASSWORD"),
    web_token_option("HTTP_SOURCE_BEARER_TOKEN"),
    web_headers_option("HTTP_SOURCE_HEADERS"),
    ca_file_option("HTTP_SOURCE_CA_FILE"),
    secrets_over_http_option("HTTP_SOURCE_SECRETS_OVER_HTTP"),
};

// Without the query, which may hold a secret.
std::string name_of_document(const Options& given) {
    const std::string url = given.text("url");
    return fmt::format("{} of {}", given.text("value_pointer"), url.substr(0, url.find('?')));
}

Error not_usable(std::string_view pointer, std::string_view why) {
    return {.kind = ErrorKind::invalid,
            .message = fmt::format("{} in the document {}", pointer, why),
            .code = "UnusableAnswer"};
}

std::optional<double> number_in(const json::Value& value) {
    if (const auto number = value.as_double()) return number;
    return parse_number<double>(value.as_string().value_or(""));
}

Result<double> number_at(const json::Value& root, std::string_view pointer) {
    const auto value = json::find_pointer(root, pointer);
    if (!value) return value.error();
    const auto number = number_in(*value);
    if (number && std::isfinite(*number)) return *number;
    const std::string_view type = value->type_name();
    const bool vowel = type.starts_with('a') || type.starts_with('o');
    return not_usable(pointer, fmt::format("is {} {}, not a number", vowel ? "an" : "a", type));
}

Result<Messages> count_at(const json::Value& root, std::string_view pointer) {
    const auto number = number_at(root, pointer);
    if (!number) return number.error();
    return count_of(*number, pointer);
}

Result<TimePoint> time_at(const json::Value& root, std::string_view pointer) {
    const auto value = json::find_pointer(root, pointer);
    if (!value) return value.error();
    const auto number = number_in(*value);
    const auto time =
        number ? from_epoch_seconds(*number) : parse_iso8601(value->as_string().value_or(""));
    if (time) return *time;
    return not_usable(pointer, "is not a time: neither seconds since 1970 nor ISO 8601");
}

class HttpSource final : public QueueSource {
  public:
    HttpSource(reactor::HttpClient& http, const Options& given)
        : server_(http, web_access(given)), given_(given) {}

    reactor::Task<Result<scaling::QueueDepth>> read(reactor::Scope scope) override {
        clients::WebRequest request;
        request.headers.push_back({"Accept", "application/json"});
        auto response = co_await server_.send(std::move(request), std::move(scope));
        if (!response) co_return cannot_read(std::move(response.error()));
        auto depth = depth_in(response->body);
        if (!depth) co_return cannot_read(std::move(depth.error()));
        co_return depth;
    }

  private:
    Result<scaling::QueueDepth> depth_in(const std::string& body) const {
        const auto document = json::parse(body, document_limits);
        if (!document) return document.error();
        const json::Value root = document->root();
        scaling::QueueDepth depth;
        const auto visible = count_at(root, given_.text("value_pointer"));
        if (!visible) return visible.error();
        depth.visible = *visible;
        if (given_.given("in_flight_pointer")) {
            const auto in_flight = count_at(root, given_.text("in_flight_pointer"));
            if (!in_flight) return in_flight.error();
            depth.in_flight = *in_flight;
        }
        if (given_.given("age_pointer")) {
            const std::string pointer = given_.text("age_pointer");
            const auto age = number_at(root, pointer);
            if (!age) return age.error();
            if (*age < 0) return not_usable(pointer, "is negative, which no age is");
            depth.oldest_age = Seconds{*age};
        }
        if (given_.given("time_pointer")) {
            const auto time = time_at(root, given_.text("time_pointer"));
            if (!time) return time.error();
            depth.measured_at = *time;
        }
        return with_in_flight(std::move(depth), given_.flag("include_in_flight"));
    }

    Error cannot_read(Error error) const {
        error.message = fmt::format("cannot read {}: {}; {}", name_of_document(given_),
                                    error.message, web_advice(error.kind));
        return error;
    }

    clients::WebEndpoint server_;
    Options given_;
};

}  // namespace

const QueueKind queues::http = {
    .name = "http",
    .options = http_options,
    .name_of = name_of_document,
    .problem = web_access_problem,
    .make = [](const Options& given, QueueContext context) -> std::unique_ptr<QueueSource> {
        return std::make_unique<HttpSource>(context.account.context.http, given);
    }};

}  // namespace fas::adapters
