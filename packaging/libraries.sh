#!/usr/bin/env bash
# usage: packaging/libraries.sh ARCHITECTURE FOLDER [CMAKE_OPTION...]
#
# Builds, from FOLDER/sources into FOLDER/sysroot, the libraries that Debian has no fitting static
# form of: an OpenSSL of what clients of TLS 1.2 and 1.3 need, a libcurl for HTTP and HTTPS alone,
# where Debian's brings LDAP, Kerberos and SSH along, and simdjson. The CMake options go to the
# latter two.
set -euo pipefail

architecture=$1
folder=$(cd "$2" && pwd)
cmake_options=("${@:3}")
sysroot=$folder/sysroot/usr
library_dir=$(dirname "$(find "$sysroot/lib" -name libuv_a.a)")
# No exception passes through C, so the tables for that are dead weight.
small=(-Oz -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-unwind-tables)

# What no client of AWS or of a message broker negotiates, and what reads files or loads code at
# run time. Debian's own libcrypto.a has it all, and doubles the program.
openssl_without=(
    aria async autoload-config bf blake2 camellia cast cmp cms comp ct des dh dsa dso dtls ec2m
    engine gost idea legacy md4 mdc2 module multiblock nextprotoneg ocb padlockeng psk rc2 rc4
    rfc3779 rmd160 scrypt seed shared siphash sm2 sm3 sm4 srp srtp ssl3 tests tls1 tls1_1 ts
    ui-console whirlpool
)

build_openssl() {
    local target=linux-x86_64 log=$folder/build-openssl.log
    local options=("${openssl_without[@]/#/no-}")
    if [ "$architecture" = arm64 ]; then
        target=linux-aarch64
        options+=(--cross-compile-prefix=aarch64-linux-gnu-)
    fi
    (
        cd "$folder/sources/openssl"
        ./Configure "$target" "${options[@]}" --prefix=/usr --openssldir=/etc/ssl "${small[@]}"
        make --silent --jobs "$(nproc)" build_generated
        make --silent --jobs "$(nproc)" libcrypto.a libssl.a
        cp -r include/openssl "$sysroot/include"
        cp libcrypto.a libssl.a "$library_dir"
    ) >"$log" 2>&1 || { tail -n 30 "$log" >&2 && return 1; }
}

build_with_cmake() {
    local name=$1 log=$folder/build-$1.log
    shift
    {
        cmake -S "$folder/sources/$name" -B "$folder/build-$name" -G Ninja \
            -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
            -DCMAKE_INSTALL_PREFIX="$sysroot" -DCMAKE_INSTALL_LIBDIR="$library_dir" \
            "${cmake_options[@]}" "$@"
        cmake --build "$folder/build-$name" --target install
    } >"$log" 2>&1 || { tail -n 30 "$log" >&2 && return 1; }
}

# Proxies stay: a function in a VPC may need one to reach AWS.
curl_without=(
    -DUSE_NGHTTP2=OFF -DUSE_LIBIDN2=OFF -DCURL_ZLIB=OFF -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF
    -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_USE_GSSAPI=OFF
    -DENABLE_UNIX_SOCKETS=OFF -DCURL_DISABLE_ALTSVC=ON -DCURL_DISABLE_COOKIES=ON
    -DCURL_DISABLE_DOH=ON -DCURL_DISABLE_HSTS=ON -DCURL_DISABLE_MIME=ON -DCURL_DISABLE_NETRC=ON
    -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_VERBOSE_STRINGS=ON
    -DCURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG=ON
)

build_openssl
build_with_cmake curl -DHTTP_ONLY=ON -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF \
    -DCMAKE_C_FLAGS="${small[*]}" -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none \
    -DCURL_USE_OPENSSL=ON -DOPENSSL_USE_STATIC_LIBS=ON -DOPENSSL_INCLUDE_DIR="$sysroot/include" \
    -DOPENSSL_CRYPTO_LIBRARY="$library_dir/libcrypto.a" \
    -DOPENSSL_SSL_LIBRARY="$library_dir/libssl.a" \
    -DENABLE_ARES=ON -DCARES_INCLUDE_DIR="$sysroot/include" \
    -DCARES_LIBRARY="$library_dir/libcares.a" "${curl_without[@]}"
build_with_cmake simdjson -DSIMDJSON_DEVELOPER_MODE=OFF \
    -DCMAKE_CXX_FLAGS="-ffunction-sections -fdata-sections"

# Kafka's protocol, where it was asked for (KAFKA=1): TLS, and the ways to log in that the program
# offers. No message is fetched, so that nothing is ever decompressed.
if [ -n "${KAFKA:-}" ]; then
    build_with_cmake librdkafka -DCMAKE_C_FLAGS="${small[*]}" -DRDKAFKA_BUILD_STATIC=ON \
        -DRDKAFKA_BUILD_EXAMPLES=OFF -DRDKAFKA_BUILD_TESTS=OFF -DWITH_ZLIB=OFF -DWITH_ZSTD=OFF \
        -DWITH_CURL=OFF -DENABLE_LZ4_EXT=OFF -DWITH_LIBDL=OFF -DWITH_PLUGINS=OFF -DWITH_SASL=OFF \
        -DWITH_SASL_SCRAM=ON -DWITH_SASL_OAUTHBEARER=ON -DWITH_SSL=ON \
        -DOPENSSL_USE_STATIC_LIBS=ON -DOPENSSL_INCLUDE_DIR="$sysroot/include" \
        -DOPENSSL_CRYPTO_LIBRARY="$library_dir/libcrypto.a" \
        -DOPENSSL_SSL_LIBRARY="$library_dir/libssl.a"
fi
