"""The JSON Schema of the configuration, made of what `fast-autoscaler settings --json` prints."""

import json

ID = "urn:fast-autoscaler:configuration"  # a name, not a place
DESCRIPTION = (
    "The configuration file of fast-autoscaler, and the `config` object of a Lambda event (where "
    "text may also stand for numbers and booleans). Every setting may come from the environment "
    "instead, so none is required here; the environment wins over the file, the event over both."
)
# Of a row, what a schema says in the same words.
AS_IT_IS = (
    *("type", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minItems", "maxItems"),
)
# What is discovered brings it along, and its kind is the first.
OF_A_SERVICE = ("cluster_name", "service_name", "queues", "target_config")


def has(*keys: str) -> dict:
    """An object that has all of them."""
    return {"properties": dict.fromkeys(keys, True), "required": list(keys)}


def excludes(key: str, *others: str) -> dict:
    """No object has it beside one of the others."""
    return {"not": {"anyOf": [has(key, other) for other in others]}}


# What members are together. A schema cannot compare them, nor see what groups and environment say.
TOGETHER = [
    excludes("target_messages_per_task", "target_latency", "mean_processing_time"),
]
ALONE = {
    "if": {"properties": {"targets": False, "discover": False}},
    "then": {
        "dependentRequired": {
            "external_id": ["role_arn"],
            "target_external_id": ["target_role_arn"],
            "target_latency": ["mean_processing_time"],
            "mean_processing_time": ["target_latency"],
        }
    },
}


def has_number(key: str) -> dict:
    """An object that has it, and not as null."""
    return {"properties": {key: {"type": "number"}}, "required": [key]}


OF_MEMBERS = {
    "schedule": {"anyOf": [has("min_tasks"), has("max_tasks")]},
    "step_adjustments": {
        "anyOf": [
            has_number("metric_interval_lower_bound"),
            has_number("metric_interval_upper_bound"),
        ]
    },
}


def in_any_case(name: str) -> str:
    return "".join(f"[{letter.upper()}{letter.lower()}]" for letter in name)


def value_of(row: dict) -> dict:
    """What a value must be."""
    schema = {key: row[key] for key in AS_IT_IS if key in row}
    if row.get("any_case"):
        either = "|".join(in_any_case(name) for name in schema["enum"])
        schema["anyOf"] = [{"enum": schema.pop("enum")}, {"pattern": f"^({either})$"}]
    if row.get("null_is_absent"):
        schema["type"] = [schema["type"], "null"]
    if row["type"] == "object":
        schema |= object_of(row["members"])
    if row["type"] == "array":
        schema["items"] = object_of(row["members"]) | OF_MEMBERS.get(row["key"], {})
    return schema


def property_of(row: dict) -> dict:
    schema = {"description": row["says"]} | value_of(row)
    if "default" in row:
        schema["default"] = row["default"]
    if "example" in row:
        is_text = row["type"] == "string"
        schema["examples"] = [row["example"] if is_text else json.loads(row["example"])]
    return schema


def properties_of(rows: list[dict]) -> dict:
    properties = {}
    for row in rows:
        if row["type"] != "kind":
            properties[row["key"]] = property_of(row)
            continue
        names = [kind["name"] for kind in row["kinds"]]
        shown = {"description": row["says"], "type": "string", "enum": names, "default": names[0]}
        properties[row["key"]] = shown
        said = f"The settings of the kind that {row['key']} names."
        properties[row["config"]] = {"description": said, "type": "object"}
    return properties


def object_of(rows: list[dict]) -> dict:
    """An object of these settings and no others."""
    rules = kind_rules(rows)
    required = [row["key"] for row in rows if row["need"] == "required" and "variable" not in row]
    whole = {"type": "object", "properties": properties_of(rows), "additionalProperties": False}
    if required:
        whole["required"] = required
    return whole | ({"allOf": rules} if rules else {})


def definition(row: dict, kind: dict) -> str:
    """queue_redis"""
    return f"{row['key'].removesuffix('_type')}_{kind['name']}"


def config_of(row: dict, kind: dict, left_out: bool) -> dict:
    """A kind's settings; `left_out`: but for those that name the queue."""
    schema = {"$ref": f"#/$defs/{definition(row, kind)}"}
    names = [
        one["key"] for one in kind["members"] if one["need"] == "required" and one["tag"] != "no"
    ]
    if left_out and names:
        schema |= {"type": "object", "properties": dict.fromkeys(names, False)}
    return schema


def kind_rules(rows: list[dict], left_out: bool = False) -> list[dict]:
    """Each kind has its own settings, and where it is not named they are some one kind's."""
    rules = []
    for row in rows:
        if row["type"] != "kind":
            continue
        key, config = row["key"], row["config"]
        any_of = [config_of(row, kind, left_out) for kind in row["kinds"]]
        for kind, schema in zip(row["kinds"], any_of, strict=True):
            is_so = {"properties": {key: {"const": kind["name"]}}, "required": [key]}
            rules.append({"if": is_so, "then": {"properties": {config: schema}}})
        is_unsaid = {"properties": {key: False}}
        rules.append({"if": is_unsaid, "then": {"properties": {config: {"anyOf": any_of}}}})
    return rules


def references(properties: dict) -> dict:
    """The same properties, described once, at the top."""
    return {key: {"$ref": f"#/properties/{key}"} for key in properties}


def list_of(name: str, description: str) -> dict:
    return {"description": description, "type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def target_of(top: dict, rules: list[dict]) -> dict:
    groups = list_of("target", "Targets that inherit what stands here, which makes it a group.")
    return {
        "description": "A target, or a group of them; groups nest four deep at most.",
        "type": "object",
        "properties": references(top) | {"targets": groups},
        "additionalProperties": False,
        "allOf": rules,
    }


def discovery_of(top: dict, rules: list[dict]) -> dict:
    """What is discovered is a service of ECS, and brings its names and its queue along."""
    clusters = {
        "description": "Names or ARNs of ECS clusters; without it all of the account and region.",
        "type": "array",
        "minItems": 1,
        "items": {"$ref": "#/properties/cluster_name"},
    }
    kept = {key: top[key] for key in top if key not in OF_A_SERVICE}
    ecs = {"description": "ECS services are what can be discovered.", "const": "ecs"}
    return {
        "description": "What to look for; its settings hold where a service's tags say nothing.",
        "type": "object",
        "properties": {"clusters": clusters} | references(kept) | {"target_type": ecs},
        "additionalProperties": False,
        "allOf": rules,
    }


def definitions(rows: list[dict], top: dict) -> dict:
    """What the schema speaks of several times: a target, and each kind's settings."""
    one_queue = excludes("queues", "queue_type", "queue_config")
    rules = [*TOGETHER, one_queue, *kind_rules(rows)]
    found = {
        "target": target_of(top, rules),
        "discovery": discovery_of(top, [*TOGETHER, *kind_rules(rows, left_out=True)]),
    }
    for row in rows:
        for kind in row.get("kinds", []):
            said = f"With {row['key']} {kind['name']}."
            found[definition(row, kind)] = {"description": said} | object_of(kind["members"])
    return found


def schema_of(process: list[dict], target: list[dict], queue: list[dict]) -> dict:
    """The whole schema, of the rows of the process, of a target and of one of several queues."""
    queues = list_of("queue", "Several queues in place of one.") | {"minItems": 1, "maxItems": 20}
    of_target = properties_of(target) | {"queues": queues}
    found = definitions(target, of_target) | {"queue": object_of(queue)}
    own = {"$schema": {"description": "Where this schema is, for editors.", "type": "string"}}
    lists = {
        "targets": list_of("target", "Many targets. Each inherits what stands around it."),
        "discover": list_of(
            "discovery",
            "Services to be found by their tags fast-autoscaler:*, with settings that are their "
            "defaults.",
        ),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "fast-autoscaler configuration",
        "description": DESCRIPTION,
        "type": "object",
        "properties": own | of_target | properties_of(process) | lists,
        "additionalProperties": False,
        "allOf": [*found["target"]["allOf"], ALONE],
        "$defs": found,
    }
