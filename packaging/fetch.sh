#!/usr/bin/env bash
# usage: packaging/fetch.sh offers|fetch ARCHITECTURE FOLDER     (amd64 or arm64, Debian's names)
#
# What the static program is made from, into FOLDER. `offers` asks the system's own Debian archives
# what they have, and prints the versions; `fetch`, after it, puts them there: `sysroot`, Debian's
# static libraries and headers for that architecture, unpacked, and `sources`, the sources of those
# libraries that Debian has no fitting static form of. It goes through lists of packages of its own:
# the system gets no new architecture and no new package, and root is not needed.
#
# The release of Debian is the pin: within it there are security fixes alone, and an archive serves
# the last ones only. sysroot/versions.txt says what was fetched.
set -euo pipefail

what=$1
architecture=$2
folder=$(mkdir -p "$3" && cd "$3" && pwd)
export APT_CONFIG=$folder/apt/apt.conf

library_packages=(libuv1-dev libc-ares-dev libfmt-dev librapidxml-dev libgtest-dev libgmock-dev)
source_packages=(openssl curl simdjson)
[ -z "${KAFKA:-}" ] || source_packages+=(librdkafka)

# Lines of sources.list for the release that this system is.
archives() {
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    # shellcheck disable=SC2016  # they are apt's variables
    env -u APT_CONFIG apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u |
        sed "s|.*|deb [signed-by=$keyring] &\ndeb-src [signed-by=$keyring] &|"
}

configure_apt() {
    local apt=$folder/apt
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
    archives >"$apt/sources.list"
    if [ ! -s "$apt/sources.list" ]; then
        echo "package: apt knows no archive of Debian; run apt-get update as root" >&2
        return 1
    fi
    cat >"$apt/apt.conf" <<END
Dir::State "$apt/state";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Get::List-Cleanup "false";
APT::Sandbox::User "";
END
    apt-get -qq update
}

offers() {
    configure_apt
    apt-cache madison "${library_packages[@]}" "${source_packages[@]}" | awk -F'|' '{ print $1 $2 }'
}

fetch_libraries() {
    local debs=$folder/debs
    rm -rf "$debs" "$folder/sysroot"
    mkdir -p "$debs" "$folder/sysroot"
    (cd "$debs" && apt-get -qq download "${library_packages[@]}")
    local deb
    for deb in "$debs"/*.deb; do
        dpkg-deb --extract "$deb" "$folder/sysroot"
        dpkg-deb --show "$deb" >>"$folder/sysroot/versions.txt"
    done
}

# The newest that can be had: an archive may list a security fix before it serves its source. apt
# has checked what it downloads against the archive's signed lists, so dpkg-source need not.
fetch_source() {
    local name=$1 version newest=yes
    while read -r version; do
        mkdir -p "$folder/sources/$name-$version"
        cd "$folder/sources/$name-$version"
        if apt-get -qq source --download-only "$name=$version" 2>../apt.log; then
            dpkg-source --no-check --extract ./*.dsc ../"$name" >/dev/null
            [ "$newest" = yes ] ||
                echo "package: warning: the newest source of $name is not served; took $version" >&2
            printf '%s\t%s (source)\n' "$name" "$version" >>"$folder/sysroot/versions.txt"
            return 0
        fi
        newest=no
    done < <(apt-cache madison "$name" |
        sed -n 's/^[^|]*| *\([^ ]*\) *|.* Sources *$/\1/p' | sort -ruV)
    [ "$newest" = yes ] || cat ../apt.log >&2
    echo "package: Debian's source of $name could not be had, so there is no static program." \
        "Everything else is built with the system's $name." >&2
    return 1
}

fetch() {
    fetch_libraries
    rm -rf "$folder/sources"
    local name
    for name in "${source_packages[@]}"; do
        fetch_source "$name"
    done
}

"$what"
