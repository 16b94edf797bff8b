"""The check that a room includes only what it may know."""

import pytest
from checker import run_checker, write_tree


@pytest.mark.parametrize(
    ("file", "include"),
    [
        ("scaling/a.cpp", '#include "base/time.h"'),
        ("scaling/a.cpp", '#include "scaling/rules.h"'),
        ("adapters/queues/a.cpp", '#include "clients/aws/services/sqs.h"'),
        ("clients/brokers/a.cpp", '#include "clients/answers/answer.h"'),
        ("engine/a.cpp", '#include "reactor/task.h"'),
        ("app/a.cpp", '#include "sigv4/signer.h"'),
        ("reactor/a.cpp", "#include <curl/curl.h>\n#include <uv.h>"),
        ("sigv4/a.cpp", "#include <openssl/evp.h>"),
        ("json/a.cpp", "#include <simdjson.h>"),
        ("clients/aws/a.cpp", "#include <rapidxml/rapidxml.hpp>"),
        ("base/a.cpp", "#include <vector>"),
        ("base/a.cpp", '// #include "app/settings.h"'),
        ("base/a.cpp", '/*\n#include "app/settings.h"\n*/'),
    ],
)
def test_includes_below_are_allowed(tmp_path, file, include):
    write_tree(tmp_path, {file: f"{include}\n"})
    assert run_checker("layering", tmp_path) == (True, "")


@pytest.mark.parametrize(
    ("file", "include", "message"),
    [
        ("scaling/a.cpp", '#include "reactor/task.h"', "scaling must not know reactor"),
        ("base/a.h", '#include "json/reader.h"', "base must not know json"),
        ("engine/a.cpp", '#include "app/settings.h"', "engine must not know app"),
        ("engine/deep/a.cpp", '  #  include "sigv4/signer.h"', "engine must not know sigv4"),
        ("engine/a.cpp", '#include "json/reader.h"', "engine must not know json"),
        ("engine/a.cpp", '#include "adapters/a.h"', "engine must not know adapters"),
        ("engine/a.cpp", '#include "clients/aws/a.h"', "engine must not know clients/aws"),
        ("clients/brokers/a.cpp", '#include "clients/aws/a.h"', "must not know clients/aws"),
        ("clients/aws/a.cpp", '#include "clients/brokers/a.h"', "must not know clients/brokers"),
        ("clients/aws/a.cpp", "#include <curl/curl.h>", "<curl/curl.h> stays in reactor"),
        ("app/a.cpp", "#include <uv.h>", "<uv.h> stays in reactor"),
        ("app/a.cpp", '#include "uv.h"', "<uv.h> stays in reactor"),
        ("engine/a.cpp", "#include <openssl/sha.h>", "stays in sigv4"),
        ("clients/brokers/a.cpp", "#include <simdjson.h>", "stays in json"),
        ("json/a.cpp", "#include <rapidxml/rapidxml.hpp>", "stays in clients/aws"),
        ("clients/a.cpp", "", "no such room: clients/a.cpp"),
        ("base/a.cpp", '#include "time.h"', 'write it as "room/file.h"'),
        ("util/a.cpp", "", "no such room: util/a.cpp"),
    ],
)
def test_other_includes_are_reported_with_their_line(tmp_path, file, include, message):
    write_tree(tmp_path, {file: include})
    passed, output = run_checker("layering", tmp_path)
    assert not passed
    assert output.startswith(f"{tmp_path}/{file}:1: ") and message in output
