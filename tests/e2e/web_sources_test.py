"""Backlogs that a web server tells: Debian's Prometheus, and nginx with pages of the test's."""

import json

import pytest

from autoscaler import once, run
from processes import eventually, free_port
from web_servers import get_json, htpasswd, nginx, prometheus

METRICS = """
# TYPE jobs_waiting gauge
jobs_waiting{queue="orders"} 30
jobs_waiting{queue="mails"} 4.2
jobs_negative -1
"""


def check_of(world, kind: str, **settings):
    return once(world.environment(QUEUE_TYPE=kind, SQS_QUEUE_URL=None, **settings))


def error_of(outcome) -> dict:
    assert outcome.status == 1, outcome.stdout + outcome.stderr
    assert (outcome.check["action"], outcome.check["visible"]) == ("hold", None)
    [error] = outcome.check["errors"]
    return error


# --- prometheus


@pytest.fixture(scope="module")
def scraped(tmp_path_factory):
    """A Prometheus that has scraped nginx's page of metrics; its port."""
    pages = tmp_path_factory.mktemp("pages")
    (pages / "metrics").write_text(METRICS)
    pages.chmod(0o755)
    with (
        nginx(pages, "location /metrics { default_type text/plain; }") as exporter,
        prometheus(tmp_path_factory.mktemp("prometheus"), exporter) as port,
    ):
        query = "/api/v1/query?query=jobs_waiting"
        eventually(lambda: get_json(port, query)["data"]["result"], "the first scrape")
        yield port


def ask_prometheus(world, port, query, **settings):
    url = f"http://127.0.0.1:{port}"
    return check_of(world, "prometheus", PROMETHEUS_URL=url, PROMETHEUS_QUERY=query, **settings)


@pytest.mark.parametrize(
    ("query", "visible"),
    [
        ('jobs_waiting{queue="orders"}', 30),
        ("sum(jobs_waiting)", 35),
        ("scalar(sum(jobs_waiting)) * 2", 69),
        ("vector(0)", 0),
        ("jobs_waiting > 100 or on() vector(7)", 7),
    ],
)
def test_a_querys_number_is_the_backlog(world, scraped, query, visible):
    outcome = ask_prometheus(world, scraped, query)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert outcome.check["visible"] == visible


def test_a_querys_1_starts_a_service_from_zero(world, scraped):
    world.set_desired(0)
    ask_prometheus(world, scraped, "vector(1)", MIN_TASKS=0)
    assert world.desired() == 1


@pytest.mark.parametrize("end", ["/", "/api", "/api/v1/", "/api/v1/query"])
def test_the_address_may_be_that_of_the_api(world, scraped, end):
    url = f"http://127.0.0.1:{scraped}{end}"
    outcome = check_of(world, "prometheus", PROMETHEUS_URL=url, PROMETHEUS_QUERY="vector(3)")
    assert outcome.check["errors"] == []
    assert outcome.check["visible"] == 3


def test_an_empty_answer_is_unknown_or_0_as_one_says(world, scraped):
    outcome = ask_prometheus(world, scraped, "no_such_metric")
    assert (outcome.check["action"], outcome.check["visible"]) == ("hold", None)
    assert "the answer to Prometheus query no_such_metric is empty" in outcome.stdout
    zero = ask_prometheus(world, scraped, "no_such_metric", PROMETHEUS_EMPTY_IS_ZERO="true")
    assert zero.check["visible"] == 0


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        ("sum(", "bad_data", "parse error"),
        ("jobs_waiting", "SeveralSeries", "2 series"),
        ("jobs_waiting[1m]", "UnusableAnswer", "gives a matrix"),
        ("vector(0) / 0", "NotFinite", "NaN"),
        ("vector(1) / 0", "NotFinite", "+Inf"),
        ("jobs_negative", "NotACount", "-1"),
    ],
)
def test_a_query_without_a_number_is_told_as_that(world, scraped, query, code, text):
    error = error_of(ask_prometheus(world, scraped, query))
    assert error["code"] == code
    assert f"cannot read Prometheus query {query}" in error["message"]
    assert text in error["message"]


def test_an_answer_of_a_part_of_the_data_allows_no_scale_in(world, tmp_path):
    """One storage of two is away: Prometheus answers by what it has itself, and warns."""
    (tmp_path / "metrics").write_text("jobs_waiting 3\n")
    tmp_path.chmod(0o755)
    away = {"url": f"http://127.0.0.1:{free_port()}/read", "read_recent": True}
    with (
        nginx(tmp_path, "location /metrics { default_type text/plain; }") as exporter,
        prometheus(tmp_path, exporter, remote_read=[away]) as port,
    ):
        query = "/api/v1/query?query=jobs_waiting"
        eventually(lambda: get_json(port, query)["data"]["result"], "the first scrape")
        settings = {"PROMETHEUS_INCLUDE_IN_FLIGHT": "false", "TARGET_MESSAGES_PER_TASK": "3"}
        check = ask_prometheus(world, port, "jobs_waiting", **settings).check
        assert (check["action"], check["visible"]) == ("hold", 3)
        assert "the server warns: remote" in check["reason"]

        settings["PROMETHEUS_EMPTY_IS_ZERO"] = "true"
        empty = ask_prometheus(world, port, "no_such_metric", **settings).check
        assert (empty["action"], empty["visible"]) == ("hold", 0)
        assert "the server warns: remote" in empty["reason"]


def test_a_server_that_is_not_there_is_named(world):
    port = free_port()
    error = error_of(ask_prometheus(world, port, "up"))
    assert error["kind"] == "retryable"
    assert f"127.0.0.1:{port}" in error["message"]


# --- http


PAGE = {
    "queues": [{"name": "orders", "depth": "30", "busy": 2, "age": 1.5, "a/b": 7}],
    "at": "2026-11-25T20:00:00Z",
    "text": "many",
    "idle": {"depth": 0, "one": 1, "busy": None, "age": None, "at": None},
    "negative": -3,
}
POINTERS = {"HTTP_SOURCE_VALUE_POINTER": "/queues/0/depth"}
SECRET = "pass word-é"


@pytest.fixture(scope="module")
def site(tmp_path_factory, certificates):
    """nginx with TLS, of a private authority; its address."""
    folder = tmp_path_factory.mktemp("site")
    folder.chmod(0o755)
    for name in ("open.json", "closed.json", "token.json"):
        (folder / name).write_text(json.dumps(PAGE))
    (folder / "page.html").write_text("<html>Welcome</html>")
    passwords = htpasswd(folder, "reader", SECRET)
    locations = f"""
        location /closed.json {{ auth_basic "test"; auth_basic_user_file {passwords}; }}
        location /token.json {{ if ($http_authorization != "Bearer t0k/en+=") {{ return 403; }} }}
        location /key.json {{
          if ($http_x_api_key != "k3y") {{ return 401; }}
          return 200 '{{"depth": 11}}';
        }}
        location /moved {{ return 302 https://elsewhere.example/x?token=secret; }}
        location /busy {{ return 503; }}
        location /slow {{ return 429; }}
    """
    with nginx(folder, locations, certificates.server) as port:
        yield f"https://127.0.0.1:{port}"


@pytest.fixture
def ask(world, site, certificates):
    def ask_page(page: str, **settings):
        settings = {
            "HTTP_SOURCE_URL": site + page,
            "HTTP_SOURCE_CA_FILE": certificates.authority,
            **POINTERS,
            **settings,
        }
        return check_of(world, "http", **settings)

    return ask_page


def test_a_documents_numbers_are_the_backlog(ask):
    outcome = ask(
        "/open.json?x=1",
        HTTP_SOURCE_IN_FLIGHT_POINTER="/queues/0/busy",
        HTTP_SOURCE_AGE_POINTER="/queues/0/age",
        HTTP_SOURCE_TIME_POINTER="/at",
    )
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert (outcome.check["visible"], outcome.check["in_flight"]) == (30, 2)
    assert ask("/open.json", HTTP_SOURCE_VALUE_POINTER="/queues/0/a~1b").check["visible"] == 7


def test_a_documents_1_starts_a_service_from_zero(ask, world):
    world.set_desired(0)
    ask("/open.json", HTTP_SOURCE_VALUE_POINTER="/idle/one", MIN_TASKS=0)
    assert world.desired() == 1


@pytest.mark.parametrize("member", ["IN_FLIGHT", "AGE", "TIME"])
def test_an_optional_member_that_is_wrong_is_unknown_and_the_count_is_not(ask, member):
    check = ask("/open.json", **{f"HTTP_SOURCE_{member}_POINTER": "/text"}).check
    assert check["errors"] == []
    assert check["visible"] == 30
    if member != "AGE":
        assert "/text in the document is" in check["missing"]


@pytest.mark.parametrize("name", ["idle", "gone"], ids=["null", "absent"])
def test_what_a_document_does_not_tell_is_that_alone_unknown(ask, name):
    """An empty queue has no oldest message."""
    settings = {
        "HTTP_SOURCE_VALUE_POINTER": "/idle/depth",
        "HTTP_SOURCE_AGE_POINTER": f"/{name}/age",
    }
    alone = {"HTTP_SOURCE_INCLUDE_IN_FLIGHT": "false", **settings}
    old = ask("/open.json", HTTP_SOURCE_TIME_POINTER=f"/{name}/at", **alone).check
    assert (old["action"], old["visible"]) == ("hold", 0)
    assert "does not say when it was measured" in old["reason"]

    busy = ask("/open.json", HTTP_SOURCE_IN_FLIGHT_POINTER=f"/{name}/busy", **settings).check
    assert (busy["action"], busy["visible"], busy["in_flight"]) == ("hold", 0, None)
    assert "in flight are unknown" in busy["reason"]

    empty = ask("/open.json", **alone).check
    assert (empty["action"], empty["visible"], empty["in_flight"]) == ("scale_in", 0, 0)


def test_the_server_knows_the_user_the_token_and_the_headers(ask):
    user = {"HTTP_SOURCE_USER": "reader", "HTTP_SOURCE_PASSWORD": SECRET}
    assert ask("/closed.json", **user).check["visible"] == 30
    assert ask("/token.json", HTTP_SOURCE_BEARER_TOKEN="t0k/en+=").check["visible"] == 30
    outcome = ask(
        "/key.json",
        HTTP_SOURCE_HEADERS="X-Other: 1\nX-Api-Key: k3y",
        HTTP_SOURCE_VALUE_POINTER="/depth",
    )
    assert outcome.check["visible"] == 11, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("page", "kind", "code"),
    [
        ("/closed.json", "denied", "HTTP401"),
        ("/token.json", "denied", "HTTP403"),
        ("/nothing.json", "not_found", "HTTP404"),
        ("/slow", "throttled", "HTTP429"),
        ("/busy", "retryable", "HTTP503"),
        ("/moved", "invalid", "Redirected"),
    ],
)
def test_a_refusal_is_told_as_what_it_is(ask, page, kind, code):
    user = {"HTTP_SOURCE_USER": "reader", "HTTP_SOURCE_PASSWORD": "wrong-secret"}
    outcome = ask(page + "?key=secret", **user)
    error = error_of(outcome)
    assert (error["kind"], error["code"]) == (kind, code)
    assert page in error["message"]
    assert "secret" not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("pointer", "text"),
    [
        ("/queues/1/depth", "at /queues is an array of 1 items"),
        ("/queue", 'at the top is an object with "queues", "at"'),
        ("/idle/age", "/idle/age in the document is a null, not a number"),
        ("/text", "/text in the document is a string, not a number"),
        ("/queues", "/queues in the document is an array, not a number"),
        ("/negative", "/negative is -3"),
    ],
)
def test_a_pointer_that_leads_to_no_count_is_named(ask, pointer, text):
    error = error_of(ask("/open.json", HTTP_SOURCE_VALUE_POINTER=pointer))
    assert error["kind"] == "invalid"
    assert text in error["message"]


def test_a_page_that_is_no_json_is_told_as_that(ask):
    assert "not JSON" in error_of(ask("/page.html"))["message"]


def test_a_private_authority_is_believed_where_it_is_named_alone(ask, tmp_path):
    error = error_of(ask("/open.json", HTTP_SOURCE_CA_FILE=None))
    assert (error["kind"], error["code"]) == ("denied", "CertificateNotTrusted")
    assert "ca_file" in error["message"]
    missing = tmp_path / "missing.pem"
    error = error_of(ask("/open.json", HTTP_SOURCE_CA_FILE=str(missing)))
    assert error["code"] == "BadCaBundle"
    assert str(missing) in error["message"]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"HTTP_SOURCE_USER": "reader"}, "password"),
        ({"HTTP_SOURCE_URL": "http://10.0.0.1/", "HTTP_SOURCE_BEARER_TOKEN": "s3cret"}, "url"),
        ({"HTTP_SOURCE_URL": "http://reader:s3cret@a/"}, "url"),
        ({"HTTP_SOURCE_HEADERS": "s3cret"}, "headers"),
        ({"HTTP_SOURCE_VALUE_POINTER": "queues"}, "value_pointer"),
    ],
)
def test_settings_that_do_not_fit_are_refused(world, settings, key):
    right = {"HTTP_SOURCE_URL": "https://a.example/", "HTTP_SOURCE_VALUE_POINTER": "/depth"}
    given = right | settings
    outcome = run(["validate"], world.environment(QUEUE_TYPE="http", SQS_QUEUE_URL=None, **given))
    said = outcome.stdout + outcome.stderr
    assert outcome.status == 2, said
    assert f"queue_config.{key}" in said or f"HTTP_SOURCE_{key.upper()}" in said, said
    assert "s3cret" not in said


def test_secrets_over_plain_http_are_for_the_user_to_allow(world):
    given = {
        "HTTP_SOURCE_URL": "http://10.0.0.1/",
        "HTTP_SOURCE_BEARER_TOKEN": "s3cret",
        "HTTP_SOURCE_VALUE_POINTER": "/depth",
        "HTTP_SOURCE_SECRETS_OVER_HTTP": "true",
    }
    outcome = run(["validate"], world.environment(QUEUE_TYPE="http", SQS_QUEUE_URL=None, **given))
    assert outcome.status == 0, outcome.stdout + outcome.stderr
