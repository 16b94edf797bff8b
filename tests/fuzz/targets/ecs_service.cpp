// What ECS says of a service: no count is invented, and none is negative.
#include "base/json_writer.h"
#include "clients/ecs.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz {

namespace {

std::string answer_with(const clients::EcsService& service) {
    JsonWriter json;
    json.begin_object().key("failures").begin_array().end_array();
    json.key("services").begin_array().begin_object();
    json.member("status", std::string_view{service.status});
    json.member("schedulingStrategy", std::string_view{service.scheduling_strategy});
    json.member("desiredCount", service.desired.value);
    json.member("runningCount", service.running.value);
    json.member("pendingCount", service.pending.value);
    json.key("deployments").begin_array().begin_object().end_object();
    if (service.deployment_in_progress) json.begin_object().end_object();
    json.end_array().end_object().end_array().end_object();
    return json.take();
}

}  // namespace

void check(std::string_view input) {
    const auto service = clients::read_service(answer_of(input));
    if (!service) {
        require_sound(service.error());
        const ErrorKind kind = service.error().kind;
        require(kind == ErrorKind::invalid || kind == ErrorKind::not_found,
                "an answer without a service is unusable, or says that there is none");
        return;
    }
    for (const Tasks count : {service->desired, service->running, service->pending}) {
        require(count >= Tasks{0}, "no fewer than 0 tasks");
    }
    reactor::HttpResponse written{.status = 200, .headers = {}, .body = answer_with(*service)};
    const auto again = clients::read_service(written);
    require(again.has_value(), "what was read can be written");
    require(again->status == service->status &&
                again->scheduling_strategy == service->scheduling_strategy &&
                again->desired == service->desired && again->running == service->running &&
                again->pending == service->pending &&
                again->deployment_in_progress == service->deployment_in_progress,
            "and read again as the same");
}

}  // namespace fas::fuzz
