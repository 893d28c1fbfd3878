#!/bin/sh
# Builds a container image with the server, the Codex CLI and git in target/release, as an OCI archive: without a daemon
# and without a base image, from the image of this platform, npm's Codex CLI and Debian's packages. Needs mmdebstrap.
set -eu
packaging=$(dirname "$0")
. "$packaging/common.sh"

codex_version=$(sed -n 's/.*VERSION = "\(.*\)";.*/\1/p' "$root/src/test/java/dev/codexmcp/testkit/RealCodex.java" | head -n 1)
packages=bash,ca-certificates,coreutils,diffutils,findutils,git,grep,gzip,openssh-client,patch,procps,ripgrep,sed,tar
work=$out/oci
image=$out/$name-$version-$(platform).tar.gz
command -v mmdebstrap >/dev/null || fail "the container image needs mmdebstrap (Debian: apt install mmdebstrap)"
[ -f "$image" ] || fail "$image is missing: run src/packaging/image.sh"

step "container image, with the Codex CLI $codex_version"
rm -rf "$work"
mkdir -p "$work/npm" "$work/codex/opt/codex" "$work/codex/usr/local/bin" "$work/server/opt/$name" "$work/server/usr/local/bin"

# Debian's sources, as this machine has them.
sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || sources=/etc/apt/sources.list
SOURCE_DATE_EPOCH=$(date -d "$time" +%s) mmdebstrap --quiet --variant=essential --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='echo "codex:x:1000:1000::/home/codex:/bin/bash" >>"$1/etc/passwd"; echo "codex:x:1000:" >>"$1/etc/group"' \
    --customize-hook='mkdir -p "$1/home/codex/.codex" "$1/workspace"; chown -R 1000:1000 "$1/home/codex" "$1/workspace"' \
    --customize-hook='rm -rf "$1"/var/log/* "$1"/var/cache/* "$1/etc/apt/sources.list" "$1"/etc/apt/sources.list.d' \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$work/1.tar" "$sources"

(cd "$work/npm" && npm install --silent --no-save --ignore-scripts --prefix . "@openai/codex@$codex_version")
cp -a "$work"/npm/node_modules/@openai/codex-*/vendor/*/. "$work/codex/opt/codex/"
ln -s /opt/codex/bin/codex "$work/codex/usr/local/bin/codex"
pack_tar "$work/codex" . "$work/2.tar"

"$gnu_tar" -xzf "$image" -C "$work/server/opt/$name" --strip-components=1
ln -s "/opt/$name/bin/$name" "$work/server/usr/local/bin/$name"
pack_tar "$work/server" . "$work/3.tar"

node "$packaging/oci.mjs" "$work" "$version" "$time" "$(platform)" "$codex_version"
pack_tar "$work/layout" . "$out/$name-$version-$(platform).oci.tar"
rm -rf "$work"
