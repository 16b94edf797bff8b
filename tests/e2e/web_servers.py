"""Debian's Prometheus and nginx, each with a folder and a port of the test's own."""

import contextlib
import http.client
import json
import shutil
from contextlib import contextmanager
from pathlib import Path

from processes import (
    PATIENCE_S,
    Process,
    accepts_connections,
    clean_environment,
    eventually,
    free_port,
)


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of a page on this machine."""
    with contextlib.closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    ) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()


def get_json(port: int, path: str):
    return json.loads(get(port, path)[1])


@contextmanager
def prometheus(folder: Path, scraped_port: int, **settings: object):
    """One that scrapes a server of the test's each 200 ms; its port. `settings`: more of its
    configuration."""
    port = free_port()
    (folder / "prometheus.yml").write_text(
        json.dumps(
            {
                "global": {"scrape_interval": "200ms", "scrape_timeout": "200ms"},
                "scrape_configs": [
                    {
                        "job_name": "test",
                        "static_configs": [{"targets": [f"127.0.0.1:{scraped_port}"]}],
                    }
                ],
                **settings,
            }
        )
    )
    command = [
        shutil.which("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with Process(command, clean_environment()):
        eventually(lambda: accepts_connections(port), "prometheus listens")
        eventually(lambda: get(port, "/-/ready")[0] == 200, "prometheus is ready")
        yield port


@contextmanager
def nginx(folder: Path, locations: str, certificate: tuple[str, str] | None = None):
    """A server with these locations, with TLS where a certificate is given; its port."""
    port = free_port()
    (folder / "logs").mkdir()
    tls = ""
    if certificate:
        tls = f"ssl_certificate {certificate[0]}; ssl_certificate_key {certificate[1]};"
    (folder / "nginx.conf").write_text(
        f"""
        daemon off;
        user root;
        worker_processes 1;
        pid {folder}/nginx.pid;
        error_log {folder}/logs/error.log;
        events {{ worker_connections 64; }}
        http {{
          access_log {folder}/logs/access.log;
          client_body_temp_path {folder}/body;
          proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/fastcgi;
          uwsgi_temp_path {folder}/uwsgi;
          scgi_temp_path {folder}/scgi;
          default_type application/json;
          server {{
            listen 127.0.0.1:{port} {"ssl" if certificate else ""};
            {tls}
            root {folder};
            {locations}
          }}
        }}
        """
    )
    # Debian keeps it where only root's path leads.
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with Process(command, clean_environment()):
        eventually(lambda: accepts_connections(port), "nginx listens")
        yield port


def htpasswd(folder: Path, user: str, password: str) -> Path:
    """A file of one user, for auth_basic_user_file."""
    file = folder / "passwords"
    file.write_text(f"{user}:{{PLAIN}}{password}\n")
    file.chmod(0o644)
    return file
