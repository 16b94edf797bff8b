"""Who is measured: commands, environments and what is special about each."""

from dataclasses import dataclass, field
from pathlib import Path

from servers import Stage
from tick_latency import program

PROJECT = Path(__file__).resolve().parent.parent
PEERS = PROJECT / ".bench"
SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
OURS = "fast-autoscaler"
FLOOR = "floor"


@dataclass
class Subject:
    name: str
    what: str  # for docs/benchmarks.md
    function: list[str]  # as a Lambda function
    cli: list[str] = field(default_factory=list)  # before `once`, `calls` and `sign`
    once: list[str] = field(default_factory=lambda: ["once"])
    variables: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)  # that it is loaded from
    binary: Path | None = None  # where it is one file
    tuned: bool = False

    def command(self, *words: str) -> list[str]:
        return [*(self.cli or self.function), *words]

    def once_command(self) -> list[str]:
        return self.command(*self.once)


@dataclass
class Bundles:
    """Whom the subjects trust: the test CA, beside what each would trust anyway."""

    system: Path  # the system's bundle and the test CA, as an SDK's default would load
    amazon: Path  # Amazon's five roots and the test CA, as the program carries the five
    one: Path  # the test CA alone


def amazon_roots() -> str:
    """The five, from where src/reactor/amazon_roots.cmake takes them."""
    folder = Path("/usr/share/ca-certificates/mozilla")
    files = [folder / f"Amazon_Root_CA_{number}.crt" for number in range(1, 5)]
    files.append(folder / "Starfield_Services_Root_Certificate_Authority_-_G2.crt")
    return "".join(file.read_text() for file in files)


def make_bundles(stage: Stage) -> Bundles:
    authority = stage.authority.read_text()
    system, amazon = stage.folder / "system.pem", stage.folder / "amazon.pem"
    system.write_text(SYSTEM_BUNDLE.read_text() + authority)
    amazon.write_text(amazon_roots() + authority)
    return Bundles(system, amazon, stage.authority)


def ours(bundles: Bundles) -> Subject:
    binary = program()
    what = "the static program of the zip; trusts Amazon's five roots and the test CA"
    variables = {"AWS_CA_BUNDLE": str(bundles.amazon)}
    return Subject(
        OURS, what, [str(binary)], once=["once", "--json"], variables=variables, files=[binary],
        binary=binary,
    )  # fmt: skip


def compiled(
    name: str, what: str, file: str, bundle: Path, tuned: bool = False, **variables: str
) -> Subject:
    binary = PEERS / "bin" / file
    # Go reads SSL_CERT_FILE for all TLS, and rustls-native-certs does; AWS_CA_BUNDLE is the SDKs'.
    trust = {"SSL_CERT_FILE": str(bundle), "SSL_CERT_DIR": "/nonexistent"}
    return Subject(
        name, what, [str(binary)], variables=trust | variables, files=[binary], binary=binary,
        tuned=tuned,
    )  # fmt: skip


def python_subject(bundles: Bundles) -> Subject:
    python, sources = PEERS / "python" / "bin" / "python", PROJECT / "bench" / "sdk" / "python"
    what = "boto3 with awslambdaric, precompiled; the system's bundle and the test CA"
    return Subject(
        "sdk-python", what, [str(python), "-m", "awslambdaric", "job.handler"],
        cli=[str(python), str(sources / "main.py")],
        variables={"AWS_CA_BUNDLE": str(bundles.system), "PYTHONPATH": str(sources)},
    )  # fmt: skip


def node_subjects(bundles: Bundles) -> list[Subject]:
    node, folder = str(PEERS / "bin" / "node"), PEERS / "node"
    plain, bundled = str(folder / "main.js"), str(folder / "bundle.mjs")
    trust = {"NODE_EXTRA_CA_CERTS": str(bundles.one)}
    only = {"SSL_CERT_FILE": str(bundles.one), "NODE_COMPILE_CACHE": str(folder / "cache")}
    options = ["--use-openssl-ca"]
    return [
        Subject(
            "sdk-node",
            "the SDK's modules as npm installs them, Node's own roots and the test CA; "
            "a minimal runtime loop (AWS's needs downloads to build)",
            [node, plain],
            variables=trust,
        ),
        Subject(
            "sdk-node-tuned",
            "bundled and minified by esbuild, NODE_COMPILE_CACHE filled, the test CA alone",
            [node, *options, bundled],
            variables=only,
            tuned=True,
        ),
    ]


def sdk_subjects(bundles: Bundles) -> list[Subject]:
    go_tuning = {"AWS_CA_BUNDLE": "", "GOGC": "off"}
    subjects = [
        compiled(
            "sdk-go",
            "go build -tags lambda.norpc; the system's bundle and the test CA",
            "sdk-go",
            bundles.system,
        ),
        compiled(
            "sdk-go-tuned",
            'the same with -ldflags "-s -w", GOGC=off; the test CA alone',
            "sdk-go-tuned",
            bundles.one,
            tuned=True,
            **go_tuning,
        ),
        compiled(
            "sdk-rust",
            "cargo build --release; the system's bundle and the test CA",
            "sdk-rust",
            bundles.system,
        ),
        compiled(
            "sdk-rust-tuned",
            "fat LTO, one codegen unit, panic=abort, stripped; one HTTP client with ring for all "
            "services, keys given, tokio on one thread; the test CA alone",
            "sdk-rust-tuned",
            bundles.one,
            tuned=True,
        ),
        python_subject(bundles),
        *node_subjects(bundles),
    ]
    if (PEERS / "bin" / "sdk-cpp").exists():
        subjects.append(
            compiled(
                "sdk-cpp",
                "CMake's Release with the AWSSDK that find_package finds",
                "sdk-cpp",
                bundles.system,
            )
        )
    return subjects
