"""A pipe, a socket, a device or a folder where a file is expected is refused, not waited for."""

import os
import socket

import pytest

from autoscaler import once

NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
ROLE = "arn:aws:iam::123456789012:role/worker"

# What names the file, and what must be set for it to be read.
PLACES = {
    "FAST_AUTOSCALER_CONFIG": {},
    "AWS_CONFIG_FILE": {},
    "AWS_SHARED_CREDENTIALS_FILE": {},
    "AWS_WEB_IDENTITY_TOKEN_FILE": NO_KEYS | {"AWS_ROLE_ARN": ROLE},
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": NO_KEYS
    | {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9"},
    "AWS_CA_BUNDLE": {},
}


def check_with(world, variable: str, path: str):
    settings = world.environment(**(PLACES[variable] | {variable: path}))
    if variable == "AWS_CA_BUNDLE":  # which is read where there is TLS to speak
        settings["AWS_ENDPOINT_URL"] = world.endpoint.replace("http:", "https:")
    return once({name: value for name, value in settings.items() if value is not None})


@pytest.fixture(params=["pipe", "socket", "device", "folder"])
def no_file(request, tmp_path):
    path = tmp_path / request.param
    if request.param == "device":
        yield "/dev/zero", "no regular file"
    elif request.param == "folder":
        path.mkdir()
        yield str(path), "Is a directory"
    elif request.param == "pipe":
        os.mkfifo(path)
        yield str(path), "no regular file"
    else:
        with socket.socket(socket.AF_UNIX) as listener:
            os.chdir(tmp_path)  # its name must be short
            listener.bind("socket")
            yield str(path), "no regular file"


@pytest.mark.parametrize("variable", PLACES)
def test_it_is_refused_and_named(world, no_file, variable):
    path, why = no_file
    outcome = check_with(world, variable, path)
    assert outcome.status in (1, 2)
    told = outcome.stdout + outcome.stderr
    assert path in told and why in told


def test_nothing_is_an_empty_file(world):
    """As many people turn the shared files off."""
    nothing = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    assert once(world.environment(**nothing)).status == 0


def test_a_file_without_an_end_is_read_no_further_than_its_limit(world, tmp_path):
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(1 << 40)
    for variable in PLACES:
        outcome = check_with(world, variable, str(large))
        assert outcome.status in (1, 2)
        told = outcome.stdout + outcome.stderr
        assert "larger than" in told or "over 64 MiB" in told, variable
