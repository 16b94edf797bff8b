// Numbers in a JSON document that a web server gives, as a backlog.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "adapters/queues/kinds.h"
#include "adapters/queues/shared/measured.h"
#include "adapters/queues/shared/web_rows.h"
#include "base/parse_number.h"
#include "base/web_url.h"
#include "clients/brokers/web_endpoint.h"
#include "json/pointer.h"
#include "json/reader.h"

namespace fas::adapters {

namespace {

constexpr json::Limits document_limits{.bytes_max = std::size_t{1} << 20U, .depth_max = 32};

constexpr Text json_pointer{{json::pointer_pattern, json::is_pointer},
                            "a JSON pointer (RFC 6901), like /queues/0/depth"};

struct HttpOptions {
    WebServer server;
    std::string value_pointer;
    std::string in_flight_pointer;
    std::string age_pointer;
    std::string time_pointer;
    bool include_in_flight = true;
};

constexpr auto http_rows = join(
    std::array{
        Row{"url",
            Text{{web_url_pattern, is_web_url},
                 "an absolute http or https URL without user and fragment"},
            field<&HttpOptions::server, &WebServer::access, &clients::WebAccess::url>,
            "Where the document is had by GET.", Need::required,
            Example{"https://jobs.internal/stats"}},
        Row{"value_pointer", json_pointer, field<&HttpOptions::value_pointer>,
            "Where in the document the number of waiting messages is: a JSON pointer (RFC 6901).",
            Need::required, Example{"/queues/0/depth"}},
        Row{"in_flight_pointer", json_pointer, field<&HttpOptions::in_flight_pointer>,
            "Where the number of messages in work is.", Need::absent, Example{"/queues/0/running"}},
        Row{"age_pointer", json_pointer, field<&HttpOptions::age_pointer>,
            "Where the age of the oldest waiting message is, in seconds.", Need::absent,
            Example{"/queues/0/oldest_age"}},
        Row{"time_pointer", json_pointer, field<&HttpOptions::time_pointer>,
            "Where the time of the measurement is: seconds since 1970, or ISO 8601.", Need::absent,
            Example{"/time"}},
        include_in_flight_row<&HttpOptions::include_in_flight>,
    },
    web_rows<&HttpOptions::server>);

// Without the query, which may hold a secret.
std::string name_of_document(const HttpOptions& options) {
    const std::string& url = options.server.access.url;
    return fmt::format("{} of {}", options.value_pointer, url.substr(0, url.find('?')));
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

// What a document need not tell: of an empty queue there is no oldest message, and its age is null,
// or left out, or what it stands in is. False: the pointer is not set, or nothing is there.
bool is_told(const json::Value& root, const std::string& pointer) {
    if (pointer.empty()) return false;
    const auto value = json::find_pointer(root, pointer);
    return value && !value->is_null();
}

Result<Seconds> age_at(const json::Value& root, std::string_view pointer) {
    const auto age = number_at(root, pointer);
    if (!age) return age.error();
    if (*age < 0) return not_usable(pointer, "is negative, which no age is");
    return Seconds{*age};
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
    HttpSource(const HttpOptions& options, QueueContext context)
        : server_(context.account.context.http, options.server.access), options_(options) {}

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
        const auto visible = count_at(root, options_.value_pointer);
        if (!visible) return visible.error();
        depth.visible = *visible;
        add_in_flight(root, depth);
        if (is_told(root, options_.age_pointer)) {
            if (const auto age = age_at(root, options_.age_pointer)) depth.oldest_age = *age;
        }
        add_time(root, depth);
        return with_in_flight(std::move(depth), options_.include_in_flight);
    }

    // What is wrong with a member that need not be there makes that one unknown, and the count that
    // is there a lower bound.
    void add_in_flight(const json::Value& root, scaling::QueueDepth& depth) const {
        if (!is_told(root, options_.in_flight_pointer)) return;
        const auto in_flight = count_at(root, options_.in_flight_pointer);
        if (in_flight) {
            depth.in_flight = *in_flight;
        } else {
            depth.missing = in_flight.error().message;
        }
    }

    // A count of a time that is not told may be an old one.
    void add_time(const json::Value& root, scaling::QueueDepth& depth) const {
        const std::string& pointer = options_.time_pointer;
        if (is_told(root, pointer)) {
            const auto time = time_at(root, pointer);
            if (time) {
                depth.measured_at = *time;
            } else {
                depth.missing = time.error().message;
            }
        } else if (!pointer.empty()) {
            depth.missing = fmt::format(
                "the document has nothing at {}, so that it does not say "
                "when it was measured",
                pointer);
        }
    }

    Error cannot_read(Error error) const {
        error.message = fmt::format("cannot read {}: {}; {}", name_of_document(options_),
                                    error.message, web_advice(error.kind));
        return error;
    }

    clients::WebEndpoint server_;
    HttpOptions options_;
};

}  // namespace

const QueueKind queues::http =
    queue_kind<HttpOptions, name_of_document, made<HttpSource, HttpOptions>,
               web_clash<HttpOptions>>("http", http_rows, "HTTP_SOURCE_");

}  // namespace fas::adapters
