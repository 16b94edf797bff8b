"""Names for the servers' hosts, known to this process and its children alone.

They are looked up in /etc/hosts, which every subject reads. The machine's own file stays as it is:
the benchmarks run again in a mount namespace of their own, where another one lies over it.
"""

import os
import sys
from pathlib import Path

BUCKET = "shop-autoscaler-state"
ADDRESSES = {"SQS": "127.0.0.2", "ECS": "127.0.0.3", "S3": "127.0.0.4"}
NAMES = {"SQS": "sqs.bench.test", "ECS": "ecs.bench.test", "S3": "s3.bench.test"}
# Of fleet.isolation: twenty endpoints of SQS, each with an address.
QUEUE_DOMAIN = "queues.bench.test"
QUEUE_HOSTS = {f"sqs-{number}.{QUEUE_DOMAIN}": f"127.0.1.{number}" for number in range(1, 21)}

INSIDE = "FAS_BENCH_HOSTS"  # set where the names are known
MOUNT_AND_RUN = 'mount --bind "$1" /etc/hosts && shift && exec "$@"'


def hosts_file() -> str:
    """S3's buckets have hosts of their own, for those SDKs that ask for them there."""
    lines = ["127.0.0.1 localhost"]
    lines += [f"{ADDRESSES[key]} {name}" for key, name in NAMES.items()]
    lines.append(f"{ADDRESSES['S3']} {BUCKET}.{NAMES['S3']}")
    lines += [f"{address} {name}" for name, address in QUEUE_HOSTS.items()]
    return "\n".join(lines) + "\n"


def run_with_names(folder: Path) -> None:
    """Replaces this process by itself with the names known. Returns where they already are."""
    if INSIDE in os.environ:
        return
    file = folder / "hosts"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(hosts_file())
    again = [sys.executable, *sys.argv]
    namespace = ["unshare", "--mount"]
    if os.geteuid() != 0:  # root of a user namespace may mount; nginx is to run as ourselves
        namespace.append("--map-root-user")
        again = ["unshare", f"--map-user={os.geteuid()}", *again]
    command = [*namespace, "sh", "-c", MOUNT_AND_RUN, "sh", str(file), *again]
    sys.stdout.flush()
    os.execvpe(command[0], command, os.environ | {INSIDE: "1"})
