// What ECS says of services: each that was asked for has its one result, no count is invented, and
// none is negative.
#include "base/json_writer.h"
#include "clients/aws/services/ecs_answers.h"
#include "tests/fuzz/fuzz.h"

namespace fas::fuzz::ecs_services {

namespace {

const std::vector<std::string> asked{"s", "arn:aws:ecs:eu-west-1:123456789012:service/c/t", "u"};

void require_sound_error(const Error& error) {
    require_sound(error);
    require(error.kind == ErrorKind::invalid || error.kind == ErrorKind::not_found,
            "an answer without a service is unusable, or says that there is none");
}

void write_tags(JsonWriter& json, const std::vector<clients::ControlTag>& tags) {
    json.key("tags").begin_array();
    for (const clients::ControlTag& tag : tags) {
        const std::string key = "fast-autoscaler:" + tag.key;
        json.begin_object().member("key", std::string_view{key});
        json.member("value", std::string_view{tag.value}).end_object();
    }
    json.end_array();
}

void write(JsonWriter& json, const clients::EcsService& service) {
    json.begin_object().member("serviceName", "s");
    json.member("status", std::string_view{service.status});
    json.member("schedulingStrategy", std::string_view{service.scheduling_strategy});
    json.member("desiredCount", service.desired.value);
    json.member("runningCount", service.running.value);
    json.member("pendingCount", service.pending.value);
    if (service.deployment_in_progress) {
        json.key("deployments").begin_array().begin_object().end_object();
        if (*service.deployment_in_progress) json.begin_object().end_object();
        json.end_array();
    }
    if (service.tags) write_tags(json, *service.tags);
    json.end_object();
}

void require_written_and_read_again(const clients::EcsService& service) {
    JsonWriter json;
    json.begin_object().key("failures").begin_array().end_array();
    json.key("services").begin_array();
    write(json, service);
    json.end_array().end_object();
    const reactor::HttpResponse written{.status = 200, .headers = {}, .body = json.take()};
    const auto all = clients::read_services(written, {"s"});
    require(all && all->size() == 1 && all->front(), "what was read can be written");
    const clients::EcsService& again = *all->front();
    require(again.status == service.status &&
                again.scheduling_strategy == service.scheduling_strategy &&
                again.desired == service.desired && again.running == service.running &&
                again.pending == service.pending && again.tags == service.tags &&
                again.deployment_in_progress == service.deployment_in_progress,
            "and read again as the same");
}

}  // namespace

void check(std::string_view input) {
    const auto services = clients::read_services(answer_of(input), asked);
    if (!services) return require_sound_error(services.error());
    require(services->size() == asked.size(), "each service has its result");
    for (const auto& service : *services) {
        if (!service) {
            require_sound_error(service.error());
            continue;
        }
        for (const Tasks count : {service->desired, service->running, service->pending}) {
            require(count >= Tasks{0}, "no fewer than 0 tasks");
        }
        require_written_and_read_again(*service);
    }
}

}  // namespace fas::fuzz::ecs_services
